import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { type Browser, chromium, type Page } from "playwright-core"

const HANG_MS = 60_000
const ROOT = resolve(import.meta.dir, "../../../..")
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].find(
  (name) => Bun.which(name) !== null,
)
/** Without a Chromium these tests are skipped, by name. */
const describePage = CHROMIUM === undefined ? describe.skip : describe
/** Where the pictures go, when somebody wants to look at them. */
const PICTURES = process.env.SKEIN_PICTURES

/** As the editor sets its colors; what is left out is what a theme may leave out. */
const THEMES = {
  dark: {
    foreground: "#cccccc",
    ground: "#181818",
    input: "#313131",
    button: "#0078d4",
    second: "#313131",
    dim: "#9d9d9d",
  },
  light: {
    foreground: "#3b3b3b",
    ground: "#f8f8f8",
    input: "#ffffff",
    button: "#005fb8",
    second: "#e5e5e5",
    dim: "#5b5b5b",
  },
} as const

let browser: Browser
const folder = mkdtempSync(join(tmpdir(), "skein-page-"))

beforeAll(async () => {
  if (CHROMIUM === undefined) return
  const made = Bun.spawnSync([process.execPath, "run", join(ROOT, "tools/build/vscode.ts"), folder])
  if (!made.success) throw new Error(made.stderr.toString())
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []
  browser = await chromium.launch({ executablePath: Bun.which(CHROMIUM) ?? "", args })
}, HANG_MS)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The page as it ships, in the place of an editor's view. What it tells is in `told`. */
async function open(theme: keyof typeof THEMES = "dark", width = 400): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  const { foreground, ground, input, button, second, dim } = THEMES[theme]
  const style = Object.entries({
    foreground,
    descriptionForeground: dim,
    "sideBar-background": ground,
    "editor-background": ground,
    "input-background": input,
    "input-foreground": foreground,
    "input-placeholderForeground": dim,
    "button-background": button,
    "button-foreground": "#ffffff",
    "button-hoverBackground": button,
    "button-secondaryBackground": second,
    "button-secondaryForeground": foreground,
    focusBorder: "#0078d4",
    "textLink-foreground": button,
    errorForeground: theme === "dark" ? "#f85149" : "#c72e0f",
    "textCodeBlock-background": theme === "dark" ? "#2b2b2b" : "#ececec",
  }).map(([name, value]) => `--vscode-${name}: ${value};`)
  const css = readFileSync(join(folder, "page.css"), "utf8")
  const { pageHtml } = (await import(join(ROOT, "editors/vscode/src/html.ts"))) as { pageHtml(parts: object): string }
  const html = pageHtml({ script: "page:script", style: "page:style", source: "'unsafe-inline'", nonce: "n" })
  const body = html
    .replace(/<script.*<\/script>/, "")
    .replace(/<link.*>/, `<style>:root{${style.join("")}} body{background:${ground}!important} ${css}</style>`)
  await page.setContent(body)
  const told =
    "window.told = []; window.acquireVsCodeApi = () => ({ postMessage: (message) => window.told.push(message) });"
  await page.evaluate(`${told}\n${readFileSync(join(folder, "page.js"), "utf8")}`)
  return page
}

const tell = (page: Page, message: unknown) => page.evaluate(`window.postMessage(${JSON.stringify(message)}, "*")`)
const picture = async (page: Page, name: string) => {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/page-${name}.png` })
}
const hunk = (at: number, lines: readonly string[], path = "/w/src/a.ts") => ({
  path,
  header: `@@ -${at},3 +${at},3 @@`,
  oldStart: at,
  newStart: at,
  lines,
})
const asked = (more: object = {}) => ({
  type: "asked",
  asked: {
    approvalId: "apr_1",
    title: "edit src/a.ts (2 edits)",
    facts: [
      ["write", "/w/src/a.ts"],
      ["in", "/w"],
      ["asks", "it changes files in the workspace"],
    ],
    hunks: [hunk(1, [" one", "-two", `+TWO ${"x".repeat(300)}`]), hunk(22, [" a", "-b", "+B"])],
    canChoose: true,
    options: ["allow_once", "allow_always", "reject_once", "preview"],
    always: "multiedit: /w/src/a.ts",
    ...more,
  },
})
const blocks = (...given: readonly object[]) => ({ type: "blocks", from: 0, blocks: given })
const agent = (text: string) => ({ kind: "agent", text, isOpen: false, isDiscarded: false })

const HOSTILE =
  "<img src=x onerror=window.hit=1><script>window.hit=1</script> [click](javascript:alert(1)) \u202eevil\u200b\u0007 \u{e0041}"
const long = "word".repeat(400)

describePage("the page of the chat", () => {
  test.each([
    ["dark", 300],
    ["dark", 420],
    ["light", 420],
    ["light", 900],
  ] as const)(
    "shows all that there is without leaving its own width: %s, %d",
    async (theme, width) => {
      const page = await open(theme, width)
      const name = `${theme}-${width}`
      await picture(page, `${name}-empty`)
      const call = { kind: "call", state: "success", hunks: [hunk(1, ["-a", "+b"])], isInner: false }
      await tell(
        page,
        blocks(
          { kind: "user", text: "shout in two places", isSteer: false },
          { kind: "thought", text: "Hm.", isOpen: false, isDiscarded: false },
          agent(
            `## Plan\n\nI will **shout** in \`a.ts\`:\n\n- line 2\n- line 25 of a rather long list entry that goes on and on\n\n1. first\n2. second\n\n> a quote\n\n| name | what |\n|---|:--|\n| \`one\` | the first of them |\n| two | second |\n\n\`\`\`ts\nconst x = 1 // ${long}\n\`\`\`\n\n${long}`,
          ),
          { ...call, title: "edit src/a.ts (2 edits)" },
          {
            ...call,
            title: `bash ${long}`,
            state: "error",
            summary: "exit 1, 6 B",
            said: `no such file\n${long}`,
            hunks: [],
          },
          { ...call, title: "read src/b.ts", summary: "30 lines", hunks: [] },
          { ...call, title: "bash npm test", state: "running", said: "12 pass", hunks: [] },
          { kind: "notice", level: "error", text: "The provider answered 529: overloaded." },
          agent(HOSTILE),
        ),
      )
      const facts = { state: "waiting", model: "anthropic/claude-sonnet-5-5", mode: "ask", context: 31, queued: 1 }
      await tell(page, { type: "facts", facts })
      await tell(page, { type: "along", text: "src/a.ts, lines 3-7" })
      await picture(page, `${name}-talk`)
      await tell(page, asked())
      await page.waitForSelector("#asked button.primary")
      await picture(page, `${name}-asked`)
      const isWider = `document.documentElement.scrollWidth > innerWidth ||
        [...document.querySelectorAll("main, #asked, #changes")].some((each) => each.scrollWidth > each.clientWidth)`
      expect(await page.evaluate(isWider)).toBe(false)
      const files = [
        { path: "/w/src/a.ts", name: `src/${"deep/".repeat(30)}a.ts`, sha256: "0", hunks: asked().asked.hunks },
        { path: "/w/b.png", name: "b.png", hunks: [], note: "Binary files differ" },
      ]
      await tell(page, { type: "changes", files })
      await page.waitForSelector("#changes .card")
      await picture(page, `${name}-changes`)
      expect(await page.evaluate(isWider)).toBe(false)
      expect(await page.isVisible("#asked button.primary")).toBe(true)
      await page.close()
    },
    HANG_MS,
  )

  test(
    "reads nothing that it is told as HTML, and shows what hides",
    async () => {
      const page = await open()
      await tell(page, blocks(agent(HOSTILE), { kind: "user", text: HOSTILE, isSteer: false }))
      await tell(page, asked({ title: HOSTILE, facts: [["write", HOSTILE]] }))
      await page.waitForSelector("#asked h2")
      expect(await page.$$("img, a, main script, #asked script")).toEqual([])
      expect(await page.evaluate("window.hit")).toBeUndefined()
      const text = (await page.textContent("body")) ?? ""
      expect(text).toContain("<img src=x onerror=window.hit=1>")
      for (const hidden of ["\u202e", "\u200b", "\u0007", "\u{e0041}"]) expect(text).not.toContain(hidden)
      await page.close()
    },
    HANG_MS,
  )

  test(
    "is used by keyboard alone: hunks chosen, changes closed, a question beside them answered",
    async () => {
      const page = await open()
      await tell(page, blocks(agent("Here.")))
      await tell(page, asked())
      await page.waitForSelector("#asked button.primary")
      await page.focus("#asked input[type=checkbox]")
      await page.keyboard.press("Space")
      expect(await page.textContent("#asked button.primary")).toBe("Accept 1 of 2")
      await tell(page, { type: "changes", files: [] })
      await page.waitForSelector("#changes button")
      expect(await page.isVisible("#talk")).toBe(false)
      await page.keyboard.press("Escape")
      expect(await page.evaluate("document.activeElement.id")).toBe("text")
      expect(await page.isVisible("#talk")).toBe(true)
      await page.focus("#asked button.primary")
      // A yes so soon after the question does not count: again until it does.
      const answer = () => page.evaluate("window.told.find(({ type }) => type === 'answer')")
      while ((await answer()) === undefined) await page.keyboard.press("Enter")
      expect(await answer()).toEqual({ type: "answer", approvalId: "apr_1", answer: "allow_once", hunks: [2] })
      await page.close()
    },
    HANG_MS,
  )

  test(
    "what the person opened stays open when it is drawn anew, and what was not sent stands above what they type",
    async () => {
      const page = await open()
      const thought = (text: string) => ({ kind: "thought", text, isOpen: true, isDiscarded: false })
      await tell(page, blocks(thought("One")))
      await page.click("#talk summary")
      await tell(page, blocks(thought("One, two")))
      await page.waitForSelector("#talk >> text=One, two", { state: "visible" })
      await tell(page, blocks(thought("One, two, three")))
      await page.waitForSelector("#talk >> text=One, two, three", { state: "visible" })
      await page.fill("#text", "typed since")
      await tell(page, { type: "draft", text: "not sent" })
      await page.waitForFunction("document.querySelector('#text').value === 'not sent\\ntyped since'")
      await page.close()
    },
    HANG_MS,
  )

  test(
    "a reply of 20 000 headings is drawn in far less than a second for each thousand",
    async () => {
      const page = await open()
      const start = performance.now()
      await tell(page, blocks(agent("# a\n".repeat(20_000))))
      await page.waitForFunction("document.querySelectorAll('#talk h3').length === 20000")
      expect(performance.now() - start).toBeLessThan(20_000)
      await page.close()
    },
    HANG_MS,
  )
})
