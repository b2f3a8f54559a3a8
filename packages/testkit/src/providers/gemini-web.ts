/** What it was asked, and what it refused. */
export interface GeminiWeb {
  readonly url: string
  readonly prompts: readonly string[]
  readonly complaints: readonly string[]
  stop(): void
}

const PATH = "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate"
const TOKEN = "AB-token:1700000000"

/** The web site of Gemini on loopback: who has the cookie gets a page with a token, and with both an answer. */
export function geminiWeb(cookie: string, answerTo: (prompt: string) => string): GeminiWeb {
  const prompts: string[] = []
  const complaints: string[] = []
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1" },
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const isKnown = request.headers.get("cookie") === cookie
      if (request.method === "GET" && pathname === "/app") {
        if (!isKnown) return Response.redirect("https://accounts.google.com/ServiceLogin", 302)
        return new Response(`<html><script>var x={"cfb2h":"boq","SNlM0e":"${TOKEN}"}</script></html>`, {
          headers: { "content-type": "text/html" },
        })
      }
      const form = new URLSearchParams(await request.text())
      const type = request.headers.get("content-type") ?? ""
      const isWell =
        pathname === PATH &&
        isKnown &&
        form.get("at") === TOKEN &&
        request.headers.get("x-same-domain") === "1" &&
        type.startsWith("application/x-www-form-urlencoded")
      if (!isWell) complaints.push(`${request.method} ${pathname} at=${form.get("at")}`)
      if (!isWell) return new Response("", { status: 400 })
      const prompt = promptIn(form.get("f.req") ?? "")
      prompts.push(prompt)
      return new Response(geminiWebStream(answerTo(prompt)), { headers: { "content-type": "application/json" } })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, prompts, complaints, stop: () => void server.stop(true) }
}

/** The bytes of an answer: a guard, then lengths and lines, each with all of the text so far. */
export function geminiWebStream(answer: string): string {
  const parts = [answer.slice(0, Math.ceil(answer.length / 2)), answer].map((text) =>
    JSON.stringify([["wrb.fr", null, JSON.stringify([null, ["c_1", "r_1"], null, null, [["rc_1", [text]]]])]]),
  )
  const lines = [...parts, JSON.stringify([["di", 42]]), JSON.stringify([["e", 4, null, null, 131]])]
  return `)]}'\n\n${lines.map((line) => `${line.length + 1}\n${line}\n`).join("")}`
}

/** An answer that says why there is none. */
export function geminiWebError(number: number): string {
  const detail = ["type.googleapis.com/assistant.boq.bard.application.BardErrorInfo", [number]]
  const line = JSON.stringify([["wrb.fr", null, null, null, null, [3, null, [detail]]]])
  return `)]}'\n\n${line.length}\n${line}\n`
}

function promptIn(text: string): string {
  const outer: unknown = JSON.parse(text)
  const inner: unknown = JSON.parse(String((outer as readonly unknown[])[1]))
  return String(((inner as readonly unknown[])[0] as readonly unknown[])[0])
}
