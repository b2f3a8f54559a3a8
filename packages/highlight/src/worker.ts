// The only place where grammars run: a thread of its own, with memory of its own. See worker-link.ts.

import type { Language } from "@skein/grammars"
import { type Loaded, loadGrammar } from "@skein/grammars"
import { kindsOf } from "./kinds.ts"
import { LineStream } from "./line-stream.ts"
import type { Answer, Asked, Outset, Request } from "./messages.ts"
import { paint } from "./paint.ts"

addEventListener("message", ({ data }: MessageEvent<Outset>) => serve(data), { once: true })

function serve({ port, answers, bounds }: Outset): void {
  const loaded = new Map<Language, Loaded>()
  const streams = new Map<number, LineStream>()
  const answer = (given: Answer) => {
    port.postMessage(given)
    Atomics.add(answers, 0, 1)
    Atomics.notify(answers, 0)
  }
  const broken = (id: number, error: unknown) => answer({ id, kind: "broken", reason: String(error) })

  port.addEventListener("message", ({ data: { id, request } }: { readonly data: Asked }) => {
    try {
      if (request.kind === "prepare") {
        loadGrammar(request.language).then(
          (grammar) => {
            loaded.set(request.language, grammar)
            answer({ id, kind: "done" })
          },
          (error: unknown) => broken(id, error),
        )
      } else answer({ id, kind: "done", colors: colorsOf(request) })
    } catch (error) {
      broken(id, error)
    }
  })
  port.start()

  function colorsOf(request: Exclude<Request, { kind: "prepare" }>): Uint8Array | undefined {
    switch (request.kind) {
      case "read": {
        const grammar = loaded.get(request.language)
        return grammar === undefined ? undefined : read(request.code, request.language, grammar)
      }
      case "open": {
        const grammar = loaded.get(request.language)
        if (grammar !== undefined) streams.set(request.stream, new LineStream(grammar, request.language, bounds))
        return undefined
      }
      case "line":
        return streams.get(request.stream)?.line(request.text)
      case "close":
        streams.get(request.stream)?.close()
        streams.delete(request.stream)
        return undefined
    }
  }

  function read(code: string, language: Language, { reader }: Loaded): Uint8Array | undefined {
    const { reportsMax, timeMaxMs } = bounds
    const tree = reader.read(code, undefined, { reportsMax, deadlineMs: performance.now() + timeMaxMs })
    const colors = tree === null ? undefined : paint(tree, code, 0, kindsOf(language))
    tree?.delete()
    return colors
  }
}
