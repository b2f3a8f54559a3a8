import { SkeinError, unlessAborted } from "@skein/protocol"
import { type Runner, runner } from "./child.ts"
import { type Library, type ListedModel, library } from "./library/library.ts"
import type { ChatBody } from "./runner/chat.ts"
import { foundRuntime, type RuntimePlaces } from "./runtime/runtime.ts"

export interface LocalServerOptions extends RuntimePlaces {
  /** Where models are. */
  readonly modelsDir: string
  /** What runs `runRunner` in a process of its own. */
  readonly command: readonly string[]
  /** Of this machine; the process takes one less. */
  readonly cores: number
  /** After this time without a question the model is let go of, and its memory with it. */
  readonly idleMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface LocalServer {
  readonly library: Library
  /** Speaks Ollama's API about the models of this machine, to this process alone: no address, no port, nothing leaves. */
  answer(url: string, init?: RequestInit): Promise<Response>
  /** Lets go of the model. */
  close(): void
}

/** Models of this machine behind the words that an Ollama speaks. Starts nothing before it is asked something. */
export function localServer(options: LocalServerOptions): LocalServer {
  const models = library(options.modelsDir, options.now)
  let running: { readonly name: string; readonly runner: Runner } | undefined
  let idle: ReturnType<typeof setTimeout> | undefined

  function close(): void {
    clearTimeout(idle)
    running?.runner.close()
    running = undefined
  }

  function rest(): void {
    clearTimeout(idle)
    idle = setTimeout(close, options.idleMs)
    idle.unref()
  }

  /** One model at a time: two would share what memory there is. */
  function started(model: ListedModel, contextTokens: number): Runner {
    const isSame = running?.name === model.name && !running.runner.isGone
    if (running !== undefined && isSame && running.runner.plan.contextTokens >= contextTokens) return running.runner
    const runtimeFolder = foundRuntime(options)
    if (runtimeFolder === undefined) throw NO_RUNTIME
    close()
    const { chatTemplate } = model.head ?? {}
    const threads = Math.max(1, options.cores - 1)
    const plan = { modelFile: model.file, runtimeFolder, threads, contextTokens, chatTemplate }
    // What the process could read of the environment it has no use for.
    running = { name: model.name, runner: runner(options.command, plan, {}) }
    return running.runner
  }

  async function chat(body: ChatBody, signal: AbortSignal): Promise<Response> {
    const model = await models.find(body.model)
    if (model === undefined) return refusal(404, `model '${body.model}' not found`)
    if (model.problem !== undefined) return refusal(400, `${model.file} cannot be used: ${model.problem}`)
    const window = body.options?.num_ctx ?? model.head?.contextTokens ?? WINDOW_TOKENS
    const used = started(model, window)
    clearTimeout(idle)
    try {
      await unlessAborted(used.ready, signal)
    } catch (error) {
      // The model goes on to load: it may be asked again, and is let go of when it is not.
      if (signal.aborted) {
        rest()
        throw signal.reason
      }
      close()
      return refusal(500, error instanceof Error ? error.message : String(error))
    }
    return new Response(streamOf(used, body, signal), { headers: { "content-type": "application/x-ndjson" } })
  }

  function streamOf(used: Runner, body: ChatBody, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    const stop = new AbortController()
    const lines = used.chat(body, AbortSignal.any([signal, stop.signal]))
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { value, done } = await lines.next()
          if (done !== true) return controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`))
          rest()
          controller.close()
        } catch (error) {
          rest()
          controller.error(error)
        }
      },
      async cancel() {
        stop.abort(new Error("Nobody listens any more"))
        await lines.return(undefined)
        rest()
      },
    })
  }

  return {
    library: models,
    close,
    async answer(url, init) {
      const path = new URL(url, "http://local.invalid").pathname
      switch (path) {
        case "/api/tags":
          return Response.json({
            models: (await models.list()).filter(({ problem }) => problem === undefined).map(tag),
          })
        case "/api/show": {
          const { model = "" } = JSON.parse(String(init?.body)) as { model?: string }
          const found = await models.find(model)
          return found === undefined ? refusal(404, `model '${model}' not found`) : Response.json(shown(found))
        }
        case "/api/ps": {
          if (running === undefined || running.runner.isGone) return Response.json({ models: [] })
          const { contextTokens } = await running.runner.ready
          return Response.json({ models: [{ name: running.name, context_length: contextTokens }] })
        }
        case "/api/chat":
          return chat(JSON.parse(String(init?.body)) as ChatBody, init?.signal ?? new AbortController().signal)
        default:
          return refusal(404, `There is no ${path}`)
      }
    },
  }
}

/** For a model whose file does not say how far it goes. */
const WINDOW_TOKENS = 4_096

const NO_RUNTIME = new SkeinError(
  "op.unsupported",
  "There is no llama.cpp here to run local models with. `skein models runtime install` gets it (30 MB, once), or ask an Ollama instead.",
)

function tag({ name, bytes, addedAt, head }: ListedModel) {
  return {
    name,
    size: bytes,
    modified_at: new Date(addedAt).toISOString(),
    details: { family: head?.architecture ?? "" },
  }
}

function shown({ head }: ListedModel) {
  const name = head?.architecture ?? "unknown"
  return {
    model_info: {
      "general.architecture": name,
      [`${name}.context_length`]: head?.contextTokens,
      [`${name}.bytes_per_token`]: head?.bytesPerToken,
    },
    capabilities: ["completion", "tools", ...(head?.chatTemplate?.includes("<think>") ? ["thinking"] : [])],
  }
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status })
}
