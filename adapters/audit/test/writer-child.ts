import { writeSync } from "node:fs"
import { audit } from "../src/index.ts"
import { entry, optionsFor } from "./scene.ts"

// Records entries until it is ended, or so many; says on stdout how many were acknowledged, one line each.
const [dataDir = "", name = "", count = "1000000"] = process.argv.slice(2)
const port = audit({ ...optionsFor(dataDir), bytesMax: 20_000 })
for (let nth = 1; nth <= Number(count); nth++) {
  const more = { callId: `cal_${name}-${nth}` }
  await Promise.all([port.record(entry(nth, more)), port.record(entry(nth, { ...more, action: "call.settle" }))])
  writeSync(1, `${nth}\n`)
}
await port.close()
