import { localFiles } from "../src/files/local.ts"

// A process of its own: writes one file over and over, with two contents in turn, until it is ended.
const [path = "", bytes = "0", user = "0"] = process.argv.slice(2)
if (user !== "0") {
  process.setgid?.(Number(user))
  process.setuid?.(Number(user))
}
const files = localFiles()
const contents = ["a", "b"].map((letter) => new TextEncoder().encode(letter.repeat(Number(bytes))))
let now = (await files.read(path, { bytesMax: 100_000_000 })).sha256
console.log("ready")
for (let round = 0; ; round++) now = (await files.replace(path, contents[round % 2] ?? new Uint8Array(), now)).sha256
