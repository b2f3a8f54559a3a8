import { type Addon, type AddonModel, loadAddon } from "./addon.ts"
import type { FromRunner, RunnerPlan, ToRunner } from "./chat.ts"
import { generate } from "./generate.ts"
import { promptOf, type Render, type Turn } from "./prompt.ts"
import type { Loaded } from "./tokens.ts"

/** Lines in, lines out: the streams of a process that runs a model and does nothing else. */
export interface RunnerStreams {
  readonly lines: AsyncIterable<string>
  readonly write: (line: string) => void
}

/**
 * Runs one model for another process, which says its plan first, then speaks `ToRunner` and hears `FromRunner`. It is a process of its own because
 * llama.cpp ends the one it is in when it runs out of memory, and gives back what it took only when that ends. Returns
 * the exit code, when the lines end.
 */
export async function runRunner({ lines, write }: RunnerStreams): Promise<number> {
  const asking = lines[Symbol.asyncIterator]()
  const first = await asking.next()
  if (first.done === true) return 1
  const plan = JSON.parse(first.value) as RunnerPlan
  const say = (line: FromRunner): void => write(JSON.stringify(line))
  let complaint = ""
  const loaded = await load(plan, (message) => {
    complaint = message.trim().slice(0, COMPLAINT_CHARS_MAX)
  }).catch((error: unknown) => {
    say({ failed: [messageOf(error), complaint].filter((part) => part !== "").join(": ") })
    return undefined
  })
  if (loaded === undefined) return 1
  say({ ready: { contextTokens: loaded.context.getContextSize() } })
  const stopped = new Set<number>()
  let running: number | undefined
  let work = Promise.resolve()
  for (let next = await asking.next(); next.done !== true; next = await asking.next()) {
    const asked = JSON.parse(next.value) as ToRunner
    if ("stop" in asked) {
      stopped.add(asked.id)
      // Of what has not begun, or is over, nothing more comes: whoever stopped it is not to take the one before for stuck.
      if (asked.id !== running) say({ stopped: asked.id })
    } else work = work.then(() => reply(asked.id, asked.chat))
  }
  return 0

  async function reply(id: number, chat: Extract<ToRunner, { chat: unknown }>["chat"]): Promise<void> {
    if (loaded === undefined) return
    const isStopped = () => stopped.has(id)
    if (stopped.delete(id)) return
    running = id
    try {
      const prompt = promptOf(chat, loaded.render)
      await generate(loaded, { body: chat, prompt, isStopped, say: (line) => say({ id, line }) })
    } catch (error) {
      say({ id, line: { error: messageOf(error) } })
    }
    running = undefined
    if (stopped.delete(id)) say({ stopped: id })
  }
}

const COMPLAINT_CHARS_MAX = 400

async function load(plan: RunnerPlan, onLog: (message: string) => void): Promise<Loaded & { render?: Render }> {
  const addon = await loadAddon(plan.runtimeFolder, onLog)
  const model = new addon.AddonModel(plan.modelFile, { gpuLayers: 0, useMmap: true, addonExports: addon })
  if (!(await model.init())) throw new Error(`llama.cpp cannot load ${plan.modelFile}`)
  const contextSize = Math.min(plan.contextTokens, model.getTrainContextSize())
  const context = new addon.AddonContext(model, { contextSize, batchSize: 512, sequences: 1, threads: plan.threads })
  if (!(await context.init())) {
    throw new Error(`There is no memory for a window of ${contextSize} tokens; a smaller context_tokens needs less`)
  }
  const render = plan.chatTemplate === undefined ? undefined : renderer(addon, model, plan.chatTemplate)
  return { addon, model, context, held: [], ...(render === undefined ? {} : { render }) }
}

/** Undefined for a template that cannot be read: the conversation is then written without it. */
function renderer(addon: Addon, model: AddonModel, template: string): Render | undefined {
  try {
    const made = new addon.AddonJinjaRenderer(template)
    const special = { bos_token: named(model, model.tokenBos()), eos_token: named(model, model.tokenEos()) }
    return (messages: readonly Turn[], isThinking) =>
      made.render({ ...special, messages, add_generation_prompt: true, enable_thinking: isThinking })
  } catch {
    return undefined
  }
}

function named(model: AddonModel, token: number): string {
  return token < 0 ? "" : model.getTokenString(token)
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1_000)
}
