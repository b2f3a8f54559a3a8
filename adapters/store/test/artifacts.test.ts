import { expect, test } from "bun:test"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { artifacts } from "../src/index.ts"
import { scene } from "./scene.ts"

test("an artifact is on disk as it is written, for its owner alone, under a name nobody can guess", async () => {
  using own = scene()
  const port = artifacts({ dataDir: own.dataDir })
  const writer = await port.create("txt", "ses_a")
  writer.write(Buffer.from("one "))
  const folder = join(own.dataDir, "artifacts", "ses_a")
  const [name = ""] = readdirSync(folder)
  expect(readFileSync(join(folder, name), "utf8")).toBe("one ")
  writer.write(Buffer.from("two"))

  const artifact = await writer.close()
  expect(artifact).toEqual({ id: name.slice(0, -4), bytes: 7, path: join(folder, name) })
  expect(readFileSync(artifact.path, "utf8")).toBe("one two")
  expect([
    statSync(artifact.path).mode & 0o777,
    statSync(folder).mode & 0o777,
    statSync(dirname(folder)).mode & 0o777,
  ]).toEqual([0o600, 0o700, 0o700])
})

test("a discarded artifact leaves nothing, and without a session they are shared", async () => {
  using own = scene()
  const port = artifacts({ dataDir: own.dataDir })
  const writer = await port.create("log")
  writer.write(Buffer.from("x"))
  await writer.discard()
  await writer.discard()
  expect(readdirSync(join(own.dataDir, "artifacts", "shared"))).toEqual([])
  expect((await (await port.create("log")).close()).bytes).toBe(0)
})

test("an artifact that cannot be written whole is no artifact", async () => {
  // The limit on file size fails in the middle of the writes, as a full disk does.
  using own = scene()
  const script = `
    const { artifacts } = await import(${JSON.stringify(join(import.meta.dir, "../src/index.ts"))})
    const writer = await artifacts({ dataDir: process.argv[1] }).create("bin")
    for (let n = 0; n < 20; n++) writer.write(new Uint8Array(10_000))
    await writer.close().then((artifact) => console.log("closed", artifact), (error) => console.log(error.code, error.message))
  `
  const result = Bun.spawnSync([
    "sh",
    "-c",
    'ulimit -f 64; exec "$0" -e "$1" "$2"',
    process.execPath,
    script,
    own.dataDir,
  ])
  expect(result.stdout.toString()).toContain("log.unwritable Cannot write ")
  expect(readdirSync(join(own.dataDir, "artifacts", "shared"))).toEqual([])
})

test("an extension is a word", async () => {
  using own = scene()
  await expect(artifacts({ dataDir: own.dataDir }).create("../x")).rejects.toThrow("No file extension")
})
