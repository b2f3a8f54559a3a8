import { describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { htmlOf, markdownOf, replayOf, scriptOf } from "../src/index.ts"
import { fenced } from "../src/markdown.ts"
import { planted, VIEW } from "./scene.ts"

/** What a model, a tool, a file or a person may write to get out of its place. */
const ATTACKS = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "<svg/onload=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  '<a href="javascript:alert(1)">x</a>',
  "[x](javascript:alert(1))",
  "[x]( javascript:alert(1))",
  "![x](data:text/html,<script>alert(1)</script>)",
  "[x]: javascript:alert(1)",
  "<javascript:alert(1)>",
  "</details></summary></pre></code>",
  "-->]]>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#x3c;script&#x3e;",
  "```\n<script>alert(1)</script>",
  "~~~~\n</details>\n<script>alert(1)</script>",
  "``````html\n<b>",
  "`<b>` **<b>** # <b>",
  "\u202Egnp.exe",
  "\u2066hidden\u2069",
  "\u001b]0;owned\u0007\u001b[2J\u001b[31mred",
  "\r\noverwritten\rx",
  "\u0000\u0008\u009b31m",
  "SKEIN_1\nrm -rf /",
  "'; touch owned; '",
  "$(touch owned) `touch owned` ${IFS}",
  "\ntouch owned\n",
  "\\",
]

/** Tags that the page may hold, all of them ours. */
const TAGS = new Set(
  "html head meta title style body main header h1 h3 ul ol li p pre code strong section article details summary div span img footer".split(
    " ",
  ),
)

describe("a page", () => {
  test("holds no tag, attribute or address that was written by anyone else, wherever it was put", () => {
    for (const attack of ATTACKS) {
      const { html } = htmlOf(
        planted(VIEW, (text) => `${text}${attack}`),
        { redaction: "off" },
      )
      const body = html.replace(/<style>[\s\S]*?<\/style>/, "")
      for (const [tag, name = ""] of body.matchAll(/<\/?([a-z][\w-]*)[^>]*>/gi)) {
        expect(TAGS.has(name.toLowerCase()) ? "" : tag).toBe("")
        const names = tag.replace(/="[^"]*"/g, "")
        expect(/\son\w+|\ssrcdoc|\shref|\sstyle|["'=]/i.test(names) ? tag : "").toBe("")
        const source = / src="([^"]*)"/.exec(tag)?.[1]
        expect(source ?? "data:image/png;base64,").toMatch(/^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$/)
      }
      expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }
  })

  test("has a policy that allows its own style and pictures, and nothing else", () => {
    const { html } = htmlOf(VIEW, { redaction: "off" })
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ""
    const hash = createHash("sha256").update(style).digest("base64")
    expect(/Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    // Before anything that it is to hold for.
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<title>"))
    expect(style).not.toMatch(/url\(|@import|@font-face/)
    expect(html).not.toMatch(/\sstyle="|<script|<link|https?:\/\//)
  })

  test("shows no picture of a kind that could be a program, and none whose data is no base64", () => {
    const [first, ...rest] = VIEW.items
    if (first?.kind !== "user_message") throw new Error("The scene has changed")
    for (const image of [
      { type: "image", mediaType: "image/svg+xml", data: "PHN2Zy8+" },
      { type: "image", mediaType: 'image/png" onerror="x', data: "AAAA" },
      { type: "image", mediaType: "image/png", data: 'AAAA" onerror="alert(1)' },
    ] as const) {
      const { html } = htmlOf({ ...VIEW, items: [{ ...first, input: [image] }, ...rest] }, { redaction: "off" })
      expect(html).not.toContain("<img")
    }
  })
})

describe("a Markdown document", () => {
  test("opens no tag outside of its fences and code spans, and every fence ends", () => {
    for (const attack of ATTACKS) {
      const text = markdownOf(planted(VIEW, (entry) => `${entry}${attack}`))
      const outside = outsideFences(text)
      const tags = outside.replace(/(`+)(?:(?!\1).)*\1/g, "").matchAll(/<[^>\n]*>?/g)
      for (const [tag] of tags) expect(/^<\/?(details|summary)>$/.test(tag) ? "" : `${tag} of ${attack}`).toBe("")
      // Within a summary nothing but tags means anything, and a bracket that is escaped is a bracket.
      const links = outside.replace(/`[^`]*`|<summary>.*<\/summary>|\\\]/g, "")
      expect(links).not.toMatch(/\]\(\s*(javascript|data):/i)
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }
  })

  test("fences a text of backticks with more of them", () => {
    expect(fenced("a ```` b", "text")).toBe("`````text\na ```` b\n`````")
    expect(fenced("plain", "sh")).toBe("```sh\nplain\n```")
  })
})

/** The lines of a document that are in no fence; fails when one is left open. */
function outsideFences(text: string): string {
  let fence = ""
  const outside = text.split("\n").flatMap((line) => {
    const inner = line.replace(/^> ?/, "")
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(inner)
    if (fence !== "") {
      if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === "") fence = ""
      return []
    }
    if (mark?.[1] === undefined || (mark[1].startsWith("`") && mark[2]?.includes("`"))) return [line]
    fence = mark[1]
    return []
  })
  expect(fence).toBe("")
  return outside.join("\n")
}

test("a replay moves no cursor", () => {
  for (const attack of ATTACKS) {
    const text = replayOf([
      {
        v: 1,
        seq: 1,
        id: "evt_1",
        at: 1,
        sessionId: "ses_1",
        type: "session.created",
        workspace: { path: `/w${attack}` },
        settings: VIEW.settings,
        versions: { skein: "0" },
        isInteractive: true,
      },
      { v: 1, seq: 2, id: "evt_2", at: 2, sessionId: "ses_1", type: "notice.posted", level: "info", text: attack },
      {
        v: 1,
        seq: 3,
        id: "evt_3",
        at: 3,
        sessionId: "ses_1",
        type: "call.requested",
        turnId: "trn_1",
        step: 1,
        callId: "cal_1",
        index: 0,
        name: attack,
        title: attack,
        kind: "execute",
        locations: [],
      },
      {
        v: 1,
        seq: 4,
        id: "evt_4",
        at: 4,
        sessionId: "ses_1",
        type: "call.settled",
        callId: "cal_1",
        outcome: "error",
        forModel: [{ type: "text", text: attack }],
        durationMs: 5_000,
      },
    ])
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(text.startsWith("00:00:00  session in /w")).toBe(true)
  }
})

test("a script of hostile texts still has the syntax of bash", async () => {
  for (const attack of ATTACKS) {
    const script = scriptOf(planted(VIEW, (entry) => `${entry}${attack}`))
    expect(script).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    const bash = Bun.spawnSync(["bash", "-n"], { stdin: Buffer.from(script) })
    expect([attack, bash.stderr.toString()]).toEqual([attack, ""])
  }
})
