import { describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { chromium, type Frame, type Page } from "playwright-core"
import { describeBinary } from "../ground/binary.ts"
import { CODE_SERVER, codeServer } from "../ground/code-server.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 180_000
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].find(
  (name) => Bun.which(name) !== null,
)
/** Without a VS Code server or a Chromium this test is skipped, by name; `vscode.test.ts` plays the editor itself. */
const describeServer: typeof describe =
  CODE_SERVER === undefined || CHROMIUM === undefined ? (describe.skip as typeof describe) : describeBinary

/** Where the pictures go, when somebody wants to look at them. */
const PICTURES = process.env.SKEIN_PICTURES

/** The extension's page within the editor's. */
async function chatOf(page: Page): Promise<Frame> {
  for (;;) {
    for (const frame of page.frames()) {
      const isChat = await frame.$("#composer").catch(() => null)
      if (isChat !== null) return frame
    }
    await page.waitForTimeout(50)
  }
}

describeServer("the extension in a real VS Code server", () => {
  test.each(["Default Dark Modern", "Default Light Modern"])(
    "is shown, asks hunk by hunk, compares, and reviews: %s",
    async (theme) => {
      const edits = [2, 25].map((at) => ({ oldText: `line ${at}\n`, newText: `LINE ${at}\n` }))
      using talk = talking(
        {
          text: "I will **shout** in two places:\n\n- line `2`\n- line `25`\n\n<img src=x onerror=alert(1)>\n",
          calls: [{ name: "multiedit", args: { path: "a.txt", edits } }],
        },
        { text: "Done, as far as you wanted it." },
      )
      const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`)
      writeFileSync(talk.scene.path("a.txt"), lines.join(""))
      await using server = await codeServer(talk.scene, { "workbench.colorTheme": theme })
      const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []
      const browser = await chromium.launch({ executablePath: Bun.which(CHROMIUM ?? "") ?? "", args })
      try {
        const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
        const picture = async (name: string) => {
          const path = `${PICTURES}/${theme.replaceAll(" ", "-")}-${name}.png`
          if (PICTURES !== undefined) await page.screenshot({ path })
        }
        await page.goto(server.url)
        await page.click('.activitybar a[aria-label^="skein"]')
        const chat = await chatOf(page)
        await chat.fill("#text", "shout in two places")
        await chat.press("#text", "Enter")
        await chat.waitForSelector("#asked .card")
        expect(await chat.$$("#talk img")).toEqual([])
        expect(await chat.textContent("#talk")).toContain("<img src=x onerror=alert(1)>")
        await chat.click("#asked .card input >> nth=0")
        await chat.click("text=Compare")
        await page.waitForSelector(".monaco-diff-editor")
        await picture("asked")
        // A yes so soon after the question would not count: again until it does.
        await chat.waitForSelector("text=Accept 1 of 2")
        while (await chat.isVisible("#asked button.primary")) {
          await chat.click("#asked button.primary", { timeout: 1_000 }).catch(() => undefined)
        }
        await chat.waitForSelector("text=Done, as far as you wanted it.")
        await chat.waitForSelector("body[data-state=idle]")
        const after = lines.map((line, at) => (at === 24 ? "LINE 25\n" : line)).join("")
        expect(talk.scene.read("a.txt")).toBe(after)
        await picture("done")
        await page.click('a[aria-label="Review changes"]')
        await chat.click("#changes >> text=Take back")
        await chat.waitForSelector("#changes >> text=changed no file")
        expect(talk.scene.read("a.txt")).toBe(lines.join(""))
      } finally {
        await browser.close()
      }
    },
    HANG_MS,
  )
})
