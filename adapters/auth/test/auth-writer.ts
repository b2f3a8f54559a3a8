import { authFile } from "../src/auth-file.ts"

// A process of its own that keeps so many keys, and says so with the first.
const [folder = "", name = "", count = "1"] = process.argv.slice(2)
const file = authFile({ folder })
for (let index = 0; index < Number(count); index++) {
  await file.set(`${name}-${index % 20}`, `k-${index}`)
  if (index === 0) console.log("writing")
}
