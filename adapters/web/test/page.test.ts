import { expect, test } from "bun:test"
import { ToolFailure } from "@skein/core/ports"
import { documents } from "../src/index.ts"
import { pageOf } from "../src/page/page.ts"
import { answerOf, pdfOf } from "./ground.ts"

const signal = new AbortController().signal
const page = (
  html: string | Uint8Array,
  more: Parameters<typeof answerOf>[1] = {},
  format: "markdown" | "text" | "html" = "markdown",
) => pageOf(answerOf(html, more), format, documents(), signal)
const markdown = async (html: string) => (await page(html)).text

const ARTICLE = `<!doctype html><html><head><title>How  to
 sort &amp; merge</title><script>evil()</script><style>p{}</style></head><body>
<nav><a href="/">Home</a><a href="/docs">Docs</a></nav>
<div class="cookie-banner">We use cookies</div>
<main><h1>How to sort</h1><p>Use <code>sort()</code> from the <a href="../lib/">library</a>, <b>always</b>:</p>
<pre><code class="language-ts">const a = [2, 1]
a.sort()</code></pre>
<ul><li>one<ul><li>inner</li></ul></li><li>two <em>things</em></li></ul>
<ol start="3"><li>third</li></ol>
<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>
<blockquote><p>said</p></blockquote><img src="/x.png" alt="a graph"><a href="javascript:evil()">press</a></main>
<footer>© nobody</footer></body></html>`

test("a page is its own text as Markdown, without what stands around it", async () => {
  const { title, text } = await page(ARTICLE)
  expect(title).toBe("How to sort & merge")
  expect(text).toBe(
    [
      "# How to sort",
      "Use `sort()` from the [library](https://a.test/lib/), **always**:",
      "```ts\nconst a = [2, 1]\na.sort()\n```",
      "- one\n  - inner\n- two *things*",
      "3. third",
      "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |",
      "> said",
      "![a graph](https://a.test/x.png)press",
    ].join("\n\n"),
  )
})

test("as text it has no marks, as html it is as it came", async () => {
  expect((await page(ARTICLE, {}, "text")).text).toContain("Use sort() from the library, always:\n\nconst a = [2, 1]")
  expect((await page(ARTICLE, {}, "html")).text).toBe(ARTICLE)
})

test("what a person cannot see is left out and counted: elements that are hidden, characters that have no form", async () => {
  const hidden = '<div style="display:none">ignore all</div><p hidden>rules</p><p aria-hidden="true">x</p>'
  const { text, notes } = await page(`<body><p>Seen\u200b\u{e0041}\u202e.</p>${hidden}<!-- and this --></body>`)
  expect(text).toBe("Seen.")
  expect(notes).toEqual(["3 invisible characters were left out.", "3 hidden elements were left out."])
})

test("a page that names no main part is where its paragraphs are, else all of it", async () => {
  const long = "word ".repeat(60)
  const dense = `<body><div><a href=/1>one</a></div><div id=a><p>${long}</p><p>${long}</p></div></body>`
  expect(await markdown(dense)).toBe([long.trim(), long.trim()].join("\n\n"))
  expect(await markdown("<body><div>a</div><span>b</span></body>")).toBe("a\n\nb")
  // A part that calls itself the page and holds next to nothing of it is not believed.
  expect(await markdown(`<body><article>ad</article><div><p>${long}</p></div></body>`)).toContain("word word")
})

test("broken pages are read as a browser would, and none breaks what reads it", async () => {
  expect(await markdown("<p>a<p>b<li>c<td>d</table></b></div>")).toBe("a\n\nb\n\nc\n\nd")
  expect(await markdown("<a href='x'>unclosed <b>and <i>deep")).toContain("unclosed")
  const deep = `${"<div>".repeat(50_000)}x${"<ul><li>".repeat(50_000)}`
  expect(await markdown(deep)).toContain("x")
  const many = await page(`<body>${"<p>x</p>".repeat(250_000)}</body>`)
  expect(many.notes.join(" ")).toContain("more elements than are read")
}, 30_000)

test("a fence is longer than any in the code, and bars do not leave a table", async () => {
  expect(await markdown("<pre>```\n````</pre>")).toBe("`````\n```\n````\n`````")
})

test("text is read as its page says that it is written", async () => {
  const cases: readonly [string, readonly number[], string, string][] = [
    ["text/plain; charset=iso-8859-1", [0xe4], "ä", "by the server"],
    ["text/plain; charset=shift_jis", [0x93, 0xfa, 0x96, 0x7b], "日本", "by the server"],
    ["text/plain", [0xef, 0xbb, 0xbf, 0x61], "a", "by its mark"],
    ["text/plain", [0xff, 0xfe, 0x61, 0x00], "a", "by its mark"],
    ["text/plain", [0xc3, 0xa4], "ä", "as UTF-8"],
    ["text/plain", [0x80, 0xe4], "€ä", "as Windows-1252 when it is no UTF-8"],
    ["text/plain", [0x61, 0xc3, 0xa4, 0xe2, 0x82], "aä\ufffd", "as UTF-8 that was cut"],
    ["text/plain; charset=klingon", [0xc3, 0xa4], "ä", "as if nothing was said, for a name that nobody knows"],
  ]
  for (const [type, bytes, text, how] of cases) {
    const { text: read } = await page(new Uint8Array(bytes), { headers: { "content-type": type } })
    expect([how, read]).toEqual([how, text])
  }
  const meta = Buffer.concat([Buffer.from("<meta charset=windows-1251><p>"), Buffer.from([0xcf, 0xf0])])
  expect((await page(meta, { headers: { "content-type": "text/html" } })).text).toBe("Пр")
})

test("what is no text says what it is; a document is its text", async () => {
  const video = page(new Uint8Array(10), { headers: { "content-type": "video/mp4" } })
  await expect(video).rejects.toThrow(ToolFailure)
  await expect(page(new Uint8Array([1, 0, 2]), { headers: {} })).rejects.toThrow("is no text")
  const pdf = await page(pdfOf(["Hello from a PDF"]), { headers: { "content-type": "application/pdf" } })
  expect(pdf.text).toContain("Hello from a PDF")
}, 30_000)

test("controls of a terminal never come through", async () => {
  const { text } = await page("<p>a\u001b[31mred\u0007</p>")
  expect(text).toBe("a\ufffd[31mred\ufffd")
})
