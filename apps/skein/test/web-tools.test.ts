import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 40_000

/** What the model was told of its newest calls. */
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

/** A server of this machine, which stands for one of the web: it is reached where it is listed literally. */
function website(answer: (request: Request) => Response | Promise<Response>) {
  const asked: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      asked.push(new URL(request.url).pathname)
      return answer(request)
    },
  })
  const host = `127.0.0.1:${server.port}`
  return { host, asked, url: `http://${host}`, [Symbol.dispose]: () => void server.stop(true) }
}

const html = (body: string) => new Response(body, { headers: { "content-type": "text/html" } })
const fetching = (url: string, more = {}) => ({ calls: [{ name: "webfetch", args: { url, ...more } }] })
const done = { text: "Done." }

describeBinary("the web from a session", () => {
  test(
    "a page that is allowed is read as text, stands in the record by its purpose, and taints the turn",
    async () => {
      using site = website(() => html("<title>T</title><nav>menu</nav><main><h1>Hello</h1><p>World</p></main>"))
      using talk = talking(fetching(`${site.url}/a`), fetching("http://never-asked.test/"), done)
      const { scene } = talk
      const ran = await scene.run(["run", "--allow", site.host, "-c", 'tools_network.access="on"', "read it"])
      // 77: something was refused, because nobody was there to be asked.
      expect([ran.code, ran.out]).toEqual([77, "Done.\n"])
      expect(lastAsked(talk)).toContain(`T\\n${site.url}/a\\n\\n# Hello\\n\\nWorld`)
      const { sums } = JSON.parse((await scene.run(["egress", "--json", "--last"])).out)
      expect(sums).toContainEqual(expect.objectContaining({ purpose: "web", port: Number(site.host.split(":")[1]) }))
      // Without what was read before it, a network that is on would have let this one go.
      expect(lastAsked(talk)).toContain("this turn has read what 127.0.0.1")
      expect(sums.some(({ host }: { readonly host: string }) => host.includes("never-asked"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "this machine is not reached unless it is named, in no mode and by no redirect",
    async () => {
      using inner = website(() => html("<p>the secret of the machine</p>"))
      using site = website(() => new Response("", { status: 302, headers: { location: `${inner.url}/admin` } }))
      for (const mode of ["auto", "full"]) {
        using talk = talking(fetching(`${inner.url}/`), fetching(`${site.url}/`), done)
        await talk.scene.run(["run", "--mode", mode, "--allow", site.host, "read it"])
        expect(lastAsked(talk)).toContain("is not reached unless it is listed by itself")
        expect(lastAsked(talk)).toContain("May not reach")
        expect(lastAsked(talk)).not.toContain("the secret of the machine")
      }
      expect([inner.asked, site.asked]).toEqual([[], ["/", "/"]])
      for (const url of [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:1/",
        "http://localhost:1/",
        "http://0x7f.1:1/",
      ]) {
        using talk = talking(fetching(url), done)
        await talk.scene.run(["run", "--mode", "full", "read it"])
        expect(lastAsked(talk)).toMatch(/is not reached unless|is no host/)
      }
    },
    HANG_MS * 2,
  )

  test(
    "nobody there to ask means that it is not asked for; the network that is off is said to be",
    async () => {
      using site = website(() => html("<p>x</p>"))
      using talk = talking(fetching("http://example.test/"), done)
      await talk.scene.run(["run", "read it"])
      expect(lastAsked(talk)).toContain("example.test:80")
      using off = talking(fetching(site.url), done)
      await off.scene.run(["run", "-c", 'tools_network.access="off"', "--allow", site.host, "read it"])
      expect(lastAsked(off)).toContain("network access is off")
      expect(site.asked).toEqual([])
    },
    HANG_MS,
  )

  test(
    "what was called wrongly, or failed, is told with what to do",
    async () => {
      using site = website(({ url }) =>
        url.endsWith("/none") ? new Response("no such page", { status: 404 }) : html("<p>short</p>"),
      )
      const calls = ["file:///etc/passwd", `${site.url}/none`, `${site.url}/x`].map((url, at) => ({
        name: "webfetch",
        args: at === 2 ? { url, offset: 5_000 } : { url },
      }))
      using talk = talking({ calls }, done)
      await talk.scene.run(["run", "--allow", site.host, "read"])
      const told = lastAsked(talk)
      expect(told).toContain("Only http and https are asked for, not file://.")
      expect(told).toContain("answered 404 Not Found:\\nno such page")
      expect(told).toContain("has 5 characters; there is nothing at 5000")
    },
    HANG_MS,
  )

  test(
    "an API is asked, and each assertion is reported",
    async () => {
      using site = website(async (request) =>
        Response.json(
          { items: [{ id: 7 }], got: await request.json() },
          { status: 201, headers: { "x-kind": "test" } },
        ),
      )
      const args = {
        ...{ method: "POST", url: `${site.url}/items`, body: { a: 1 } },
        assert: [
          { of: "status", equals: 201 },
          { of: "header", at: "X-Kind", contains: "tes" },
          { of: "json", at: "items[0].id", equals: 7 },
          { of: "json", at: "got", equals: { a: 1 } },
          { of: "json", at: "items[1]", exists: false },
          { of: "duration", atMost: 30_000 },
          { of: "json", at: "items[0].id", equals: 8 },
        ],
      }
      using talk = talking({ calls: [{ name: "http_request", args }] }, done)
      await talk.scene.run(["run", "--allow", site.host, "test it"])
      const told = lastAsked(talk)
      expect(told.match(/PASS/g)?.length).toBe(6)
      expect(told).toContain("FAIL json items[0].id is 7, not 8")
      expect(told).toContain('"is_error":true')
      using bad = talking(
        { calls: [{ name: "http_request", args: { url: site.url, assert: [{ of: "json", equals: 1 }] } }] },
        done,
      )
      await bad.scene.run(["run", "--allow", site.host, "test it"])
      expect(lastAsked(bad)).toContain('needs \\"at\\"')
    },
    HANG_MS,
  )

  test(
    "the web is searched when the person said so, through an engine of theirs, and what was found is found again without asking",
    async () => {
      const results = [
        { title: "Docs", url: "https://docs.test/a?utm_source=x", content: "how to" },
        { title: "Other", url: "https://other.test/", content: "what else" },
      ]
      using engine = website(() => Response.json({ results }))
      const call = { calls: [{ name: "websearch", args: { query: "how to sort", domains: ["docs.test"] } }] }
      const set = ["-c", `tools.web_search.searxng="${engine.url}"`, "--allow", engine.host]
      using talk = talking(call, done, call, done, call, done)
      const { scene } = talk
      await scene.run(["run", ...set, "search"])
      expect(lastAsked(talk)).toContain("Searching the web is off")
      await scene.run(["run", ...set, "-c", "web_search=live", "search"])
      expect(lastAsked(talk)).toContain("1. Docs\\n   https://docs.test/a\\n   how to\\n   (searxng)")
      expect(lastAsked(talk)).not.toContain("other.test")
      await scene.run(["run", "-c", "web_search=cached", "search"])
      expect(lastAsked(talk)).toContain("https://docs.test/a")
      expect(engine.asked).toEqual(["/search"])
    },
    HANG_MS,
  )

  test(
    "a notebook and a PDF are read as text by the tool that reads files",
    async () => {
      const book = JSON.stringify({ cells: [{ cell_type: "code", source: "print(7)", outputs: [] }] })
      const calls = [
        { name: "read", args: { path: "a.ipynb" } },
        { name: "read", args: { path: "b.pdf", pages: "9" } },
        { name: "read", args: { path: "b.pdf" } },
      ]
      using talk = talking({ calls }, done)
      await Bun.write(talk.scene.path("a.ipynb"), book)
      await Bun.write(talk.scene.path("b.pdf"), PDF)
      await talk.scene.run(["run", "read them"])
      const told = lastAsked(talk)
      expect(told).toContain("a.ipynb: notebook, 1 cell")
      expect(told).toContain("print(7)")
      expect(told).toContain("There is no page 9: there is 1 page.")
      expect(told).toContain("Hello from paper")
    },
    HANG_MS,
  )
})

describeBinary("what is looked at and drawn", () => {
  test(
    "a picture is asked about beside the conversation, and only the answer comes back; text is no picture",
    async () => {
      const look = (path: string) => ({ name: "look_at", args: { path, question: "what color is it?" } })
      using talk = talking({ calls: [look("a.txt"), look("a.png")] }, { text: "Red, all of it." }, done)
      await Bun.write(talk.scene.path("a.txt"), "text")
      await Bun.write(talk.scene.path("a.png"), Buffer.from(PIXEL, "base64"))
      await talk.scene.run(["run", "look"])
      const told = lastAsked(talk)
      expect(told).toContain("a.txt is no image, PDF, notebook or office document")
      expect(told).toContain("sees a.png:\\nRed, all of it.")
      expect(told).not.toContain(PIXEL)
      expect(talk.server.requests.at(-2)?.text).toContain(PIXEL)
    },
    HANG_MS,
  )

  test(
    "a diagram is drawn as text and as SVG, and one that is not understood says where",
    async () => {
      const draw = (source: string, more = {}) => ({ name: "mermaid", args: { source, ...more } })
      using talk = talking(
        { calls: [draw("graph LR\nA --> B"), draw("graph LR\nA --> B", { format: "svg" }), draw("gantt\n x")] },
        done,
      )
      await talk.scene.run(["run", "draw"])
      const told = lastAsked(talk)
      expect(told).toContain("│ A │╶▶│ B │")
      expect(told).toContain("<svg xmlns=")
      expect(told).toContain("Drawn are flowchart (graph), sequenceDiagram")
    },
    HANG_MS,
  )
})

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const CONTENT = "BT /F1 12 Tf 72 720 Td (Hello from paper) Tj ET"
const PDF = `%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [4 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
4 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>
endobj
5 0 obj
<< /Length ${CONTENT.length} >>
stream
${CONTENT}
endstream
endobj
trailer
<< /Size 6 /Root 1 0 R >>
%%EOF
`
