import { expect, setDefaultTimeout, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { BINARY, describeBinary } from "../ground/binary.ts"
import { Scene } from "../ground/scene.ts"
import { faultServer } from "../ground/server.ts"

// A hang guard.
setDefaultTimeout(60_000)

const LIMIT = /^Max core file size +0 /m

describeBinary("a crash", () => {
  test.if(process.platform === "linux")("leaves no memory with keys in the folder that is worked in", async () => {
    const asked = Promise.withResolvers<void>()
    const server = faultServer(async () => {
      asked.resolve()
      await new Promise(() => undefined)
    })
    const scene = new Scene({ ANTHROPIC_API_KEY: "canary-91d3-5kXq", ANTHROPIC_BASE_URL: server.url })
    try {
      const line = 'ulimit -S -c "$(ulimit -H -c)"; exec "$0" run hi'
      const child = Bun.spawn(["/bin/sh", "-c", line, BINARY], {
        ...{ cwd: scene.cwd, env: scene.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
      })
      await asked.promise
      const deadline = performance.now() + 10_000
      const limits = () => readFileSync(`/proc/${child.pid}/limits`, "utf8")
      while (!LIMIT.test(limits()) && performance.now() < deadline) await Bun.sleep(5)
      expect(limits()).toMatch(LIMIT)
      child.kill("SIGSEGV")
      await child.exited
      expect(readdirSync(scene.cwd)).toEqual([])
    } finally {
      server.stop()
      scene.remove()
    }
  })
})
