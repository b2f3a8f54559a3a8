import type { InputPart, TurnTerms } from "@skein/protocol"
import { asList, asObject, asText, given, type Json } from "@skein/protocol/json"
import { RpcError } from "./peer.ts"

/** What a client's input is read with. */
export interface InputWorld {
  /** Reads a file; throws with a sentence for the client. */
  readonly readImage: (path: string) => InputPart
  /** What a skill puts into a turn that is begun with it. Rejects with a sentence for the client. */
  skill(name: string, path: string): Promise<BegunSkill>
}

/** A turn as a skill begins it. */
export interface BegunSkill {
  readonly input: readonly InputPart[]
  readonly terms?: TurnTerms | undefined
}

/** Reads a client's input, skills first. Throws RpcError. */
export async function readInput(value: unknown, world: InputWorld): Promise<BegunSkill> {
  const parts = asList(value).map((part) => asObject(part) ?? {})
  if (parts.length === 0) throw new RpcError("Invalid request: input must not be empty")
  const skills = parts.filter(({ type }) => type === "skill")
  const begun = await Promise.all(skills.map(({ name, path }) => world.skill(asText(name) ?? "", asText(path) ?? "")))
  const others = parts.filter(({ type }) => type !== "skill").map((part) => inputPart(part, world.readImage))
  return { input: [...begun.flatMap(({ input }) => input), ...others], ...given("terms", joined(begun)) }
}

/** Of several skills the first that says so chooses the model; what any of them brings is held against all. */
function joined(begun: readonly BegunSkill[]): TurnTerms | undefined {
  const terms = begun.flatMap((one) => (one.terms === undefined ? [] : [one.terms]))
  if (terms.length === 0) return undefined
  const [rules, taint] = [terms.flatMap((one) => one.rules ?? []), terms.flatMap((one) => one.taint ?? [])]
  return { ...Object.assign({}, ...terms.toReversed()), rules, taint }
}

function inputPart(part: Json, readImage: (path: string) => InputPart): InputPart {
  switch (part.type) {
    case "text":
      return { type: "text", text: asText(part.text) ?? "" }
    case "image":
      return imageOf(asText(part.url) ?? "")
    case "localImage":
      return fileOf(asText(part.path) ?? "", readImage)
    case "mention":
      return { type: "text", text: `@${asText(part.path) ?? ""}` }
    default:
      throw new RpcError(`Input of type ${String(part.type)} is not available in this version of skein`)
  }
}

function imageOf(url: string): InputPart {
  const [, mediaType, data] = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s.exec(url) ?? []
  if (mediaType !== undefined && data !== undefined) return { type: "image", mediaType, data }
  throw new RpcError("Images by address are not available in this version of skein: send a data: URL or a localImage")
}

function fileOf(path: string, readImage: (path: string) => InputPart): InputPart {
  try {
    return readImage(path)
  } catch (error) {
    throw new RpcError(error instanceof Error ? error.message : String(error))
  }
}
