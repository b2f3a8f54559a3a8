import { asText, given, type Json } from "@skein/protocol/json"
import { isUuid, plainId } from "../../words.ts"
import { type InputWorld, readInput } from "../input.ts"
import type { LiveThread } from "../live-thread.ts"
import { type Context, type Methods, needed, type Reply, refuseMissing, requireSameFolder, warn } from "../method.ts"
import { RpcError } from "../peer.ts"
import { reviewTarget } from "../review.ts"
import { readSettings } from "../settings.ts"
import { runningTurn } from "../turns.ts"

export const TURN_METHODS: Methods = {
  "turn/start": startTurn,
  "review/start": startReview,
  "turn/steer": steer,
  "turn/interrupt": interrupt,
}

async function startTurn(params: Json, { engine, peer, threads, readImage }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  requireSameFolder("turn/start", params, live.cwd)
  refuseMissing("turn/start", params, ["toolOutput", "additionalContext"])
  const { input, terms } = await readInput(params.input, worldOf(live, { engine, readImage }))
  if (live.turnId !== undefined) throw new RpcError("a turn is already running: use turn/steer or turn/interrupt")
  const view = await live.read()
  const asked = readSettings(params, view.settings, await threads.models())
  await live.configure(asked.changes, asked.policy, view)
  const release = live.hold()
  try {
    const { turnId } = await live.send({ input, terms, delivery: "start", clientId: clientIdOf(params) })
    warn(peer, threadId, asked.warnings)
    return { result: { turn: runningTurn(plainId(turnId ?? "")) }, after: release }
  } catch (error) {
    release()
    throw error
  }
}

/** In the thread itself, which changes nothing meanwhile. */
async function startReview(params: Json, { threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  const { prompt, name } = reviewTarget(params)
  if (asText(params.delivery) === "detached") refuseMissing("review/start", params, ["delivery"])
  if (live.turnId !== undefined) throw new RpcError("a turn is already running: use turn/interrupt")
  const { settings } = await live.read()
  const release = live.hold()
  try {
    await live.review(name, settings.mode)
    const { turnId } = await live.send({ input: [{ type: "text", text: prompt }], delivery: "start" })
    return { result: { turn: runningTurn(plainId(turnId ?? "")), reviewThreadId: threadId }, after: release }
  } catch (error) {
    live.reviewed()
    release()
    throw error
  }
}

/** Ids name nothing on disk here, but only one that is a plain UUID can be an input's too. */
function clientIdOf(params: Json): string | undefined {
  const id = asText(params.clientUserMessageId)
  return id !== undefined && isUuid(id) ? id : undefined
}

async function steer(params: Json, { engine, threads, readImage }: Context): Promise<Reply> {
  const live = threads.live(needed(params, "threadId"))
  const expected = needed(params, "expectedTurnId")
  const { input } = await readInput(params.input, worldOf(live, { engine, readImage }))
  requireRunning(live.turnId, expected, "steer")
  const release = live.hold()
  try {
    await live.send({ input, delivery: "steer", expectedTurnId: `trn_${expected}`, clientId: clientIdOf(params) })
    return { result: { turnId: expected }, after: release }
  } catch (error) {
    release()
    throw error
  }
}

function interrupt(params: Json, { threads }: Context): Reply {
  const live = threads.live(needed(params, "threadId"))
  requireRunning(live.turnId, needed(params, "turnId"), "interrupt")
  return { result: {}, after: () => live.interrupt() }
}

function requireRunning(running: string | undefined, named: string, what: string): void {
  if (running === undefined) throw new RpcError(`no active turn to ${what}`)
  if (running !== named) throw new RpcError(`expected active turn id \`${named}\` but found \`${running}\``)
}

function worldOf(live: LiveThread, { engine, readImage }: Pick<Context, "engine" | "readImage">): InputWorld {
  const { sessionId } = live
  return {
    readImage,
    async skill(name, path) {
      const skills = await engine.ask({ type: "skills.list", of: { sessionId } })
      const found = skills.find((skill) => skill.file === path || `skein:${skill.name}` === path || skill.name === name)
      if (found === undefined) throw new RpcError(`skill not found: ${name}`)
      const reply = await engine.ask({ type: "command.resolve", sessionId, name: found.name, args: "" })
      const op = reply.kind === "ops" ? reply.ops.find((one) => one.type === "turn.submit") : undefined
      if (op?.type === "turn.submit") return { input: op.input, ...given("terms", op.terms) }
      throw new RpcError(`The skill ${found.name} cannot begin a turn here`)
    },
  }
}
