import { expect, test } from "bun:test"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { openPage } from "./browser.ts"

test("the program that opens a page is none of the folder that is worked in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-browser-"))
  try {
    writeFileSync(join(folder, "xdg-open"), "#!/bin/sh\nexit 0\n")
    chmodSync(join(folder, "xdg-open"), 0o755)
    const opened = (PATH: string) => openPage("https://example.com/", { env: { DISPLAY: ":0", PATH } }, "linux")
    expect(await opened(relative(process.cwd(), folder))).toBe(false)
    expect(await opened(folder)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
