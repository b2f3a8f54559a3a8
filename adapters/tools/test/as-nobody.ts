import { ToolFailure } from "@skein/core/ports"
import { localFiles } from "../src/files/local.ts"

// A process of its own without privileges: one operation on one path; prints what came of it.
const [operation, path = "", expected = ""] = process.argv.slice(2)
process.setgid?.(65_534)
process.setuid?.(65_534)
const files = localFiles()
try {
  if (operation === "read") console.log(new TextDecoder().decode((await files.read(path, { bytesMax: 1_000 })).bytes))
  else if (operation === "delete") await files.delete(path, expected)
  else await files.replace(path, new TextEncoder().encode("by nobody"), expected === "" ? null : expected)
  console.log("done")
} catch (error) {
  if (!(error instanceof ToolFailure)) throw error
  console.log(error.message)
}
