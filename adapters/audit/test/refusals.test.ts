import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { SkeinError } from "@skein/protocol"
import { audit } from "../src/index.ts"
import { queryAudit, verifyAudit } from "../src/reading.ts"
import { entry, scene } from "./scene.ts"

async function refusalOf(promise: Promise<void>): Promise<Pick<SkeinError, "code" | "message">> {
  return await promise.then(
    () => ({ code: "internal", message: "it was recorded" }) as never,
    (error: SkeinError) => ({ code: error.code, message: error.message }),
  )
}

test("what cannot be recorded is refused with the path and the cause, and can be recorded once that is mended", async () => {
  using at = scene()
  mkdirSync(at.file, { recursive: true })
  const port = audit(at.options)
  expect(await refusalOf(port.record(entry(1)))).toEqual({
    code: "audit.unwritable",
    message: expect.stringMatching(
      /^Cannot record the action in .*audit\.jsonl: .*\(EISDIR\)\. What cannot be recorded/,
    ),
  })
  chmodSync(at.file, 0o700)
  await Bun.$`rmdir ${at.file}`
  await port.record(entry(2))
  await port.close()
  expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 1 })
})

test("no record is written through a link, into a pipe or a device", async () => {
  using at = scene()
  const elsewhere = join(at.dataDir, "elsewhere")
  writeFileSync(elsewhere, "precious")
  mkdirSync(dirname(at.file), { recursive: true })
  symlinkSync(elsewhere, at.file)
  expect((await refusalOf(audit(at.options).record(entry(1)))).message).toContain("it is a link")
  expect(readFileSync(elsewhere, "utf8")).toBe("precious")
  const pipe = { ...at.options, file: join(at.dataDir, "pipe") }
  await Bun.$`mkfifo ${pipe.file}`
  expect((await refusalOf(audit(pipe).record(entry(1)))).message).toContain("no regular file")
})

test("a record or a head that something else was put in the place of is no defect of skein: it says which, and why", async () => {
  for (const put of ["link", "pipe", "folder"]) {
    for (const which of ["file", "headFile"] as const) {
      using at = scene()
      mkdirSync(dirname(at[which]), { recursive: true })
      if (put === "link") symlinkSync(at[which], at[which])
      else if (put === "folder") mkdirSync(at[which])
      else if (which === "file") await Bun.$`mkfifo ${at.file}`
      else continue
      const readings = which === "file" ? [() => queryAudit(at.file, {})] : []
      for (const read of [() => verifyAudit(at), ...readings]) {
        expect(read).toThrow(
          expect.objectContaining({
            code: "audit.unwritable",
            message: expect.stringContaining(`Cannot read the record of actions in ${at[which]}: it is `),
          }),
        )
      }
    }
  }
})

test("a head that cannot be written takes its line back", async () => {
  using at = scene()
  mkdirSync(at.headFile, { recursive: true })
  expect((await refusalOf(audit(at.options).record(entry(1)))).message).toContain("EISDIR")
  expect(existsSync(at.file) ? readFileSync(at.file, "utf8") : "").toBe("")
})

test.if(process.getuid?.() === 0)(
  "a full disk takes nothing half, says so, and the chain goes on when there is room",
  async () => {
    using at = scene()
    const disk = join(at.dataDir, "disk")
    mkdirSync(disk)
    const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk])
    if (mounted.exitCode !== 0) return
    try {
      const full = { ...at.options, file: join(disk, "audit.jsonl"), headFile: join(disk, "head.json") }
      const port = audit(full)
      await port.record(entry(0))
      writeFileSync(join(disk, "rest"), "x".repeat(40_000))
      let kept = 1
      let refused: Awaited<ReturnType<typeof refusalOf>> | undefined
      for (let nth = 1; nth < 500 && refused === undefined; nth++) {
        const outcome = await refusalOf(port.record(entry(nth)))
        if (outcome.code === "audit.unwritable") refused = outcome
        else kept += 1
      }
      expect(refused).toEqual({ code: "audit.unwritable", message: expect.stringContaining("the disk is full") })
      expect(verifyAudit(full)).toMatchObject({ state: "intact", lines: kept, notes: [] })
      writeFileSync(join(disk, "rest"), "")
      await port.record(entry(1000))
      await port.close()
      expect(verifyAudit(full)).toMatchObject({ state: "intact", lines: kept + 1 })
    } finally {
      Bun.spawnSync(["umount", disk])
    }
  },
)
