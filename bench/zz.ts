import { exec } from "../adapters/sandbox/src/index.ts"
import { memoryArtifacts } from "../packages/testkit/src/index.ts"
import {mkdirSync} from "node:fs"
const ws="/var/tmp/jws"; mkdirSync(ws,{recursive:true})
const t0=performance.now()
const port=exec({artifacts:memoryArtifacts(),env:{...process.env}})
const run=(command:any)=>port.run({command,cwd:ws,sandbox:"workspace-write",roots:[ws],timeoutMs:20000,signal:new AbortController().signal,bytesMax:30000})
const r=await run(process.argv[2]??"true"); console.log(r, performance.now()-t0)
if (process.argv[2]===undefined) {
const J:number[]=[],P:number[]=[]
for(let i=0;i<300;i++){
 let a=performance.now(); await run(["/bin/true"]); J.push(performance.now()-a)
 a=performance.now(); const c=Bun.spawn(["/bin/true"],{stdio:["ignore","pipe","ignore"]}); await c.exited; P.push(performance.now()-a)
}
const q=(v:number[],p:number)=>v.toSorted((a,b)=>a-b)[Math.floor(v.length*p)]!.toFixed(2)
console.log("jail",q(J,.1),q(J,.25),q(J,.5),q(J,.75),"plain",q(P,.1),q(P,.25),q(P,.5),q(P,.75))
}
port.close()
