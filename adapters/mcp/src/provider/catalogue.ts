import { join } from "node:path"
import { readObject, replaceFile } from "@skein/kept"
import type { McpServerSpec } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { sha256 } from "../config/raw.ts"
import type { ServerFacts, ServerPrompt, ServerResource, ServerTool } from "../connection/live-server.ts"

/** What a server offers, as it said when it last ran. */
export interface Offer {
  readonly facts: ServerFacts
  readonly tools: readonly ServerTool[]
  readonly prompts: readonly ServerPrompt[]
  readonly resources: readonly ServerResource[]
}

/** What servers said, kept on disk, so that one that is not used is not started to be told of. */
export interface Catalogue {
  of(key: string): Offer | undefined
  keep(key: string, offer: Offer): void
}

/** What a server is known by: the program with its arguments, or its address. What it is given for secrets is no part of it. */
export function keyOf({ name, transport }: McpServerSpec): string {
  const what =
    transport.kind === "stdio"
      ? [transport.command, transport.args, transport.cwd]
      : transport.kind === "client"
        ? []
        : [transport.url]
  return sha256(JSON.stringify([name, transport.kind, ...what]))
}

export function catalogue(folder: string, onDefect: (error: unknown) => void): Catalogue {
  const known = new Map<string, Offer | undefined>()
  const fileOf = (key: string) => join(folder, `${key}.json`)
  return {
    of(key) {
      if (!known.has(key)) known.set(key, offerOf(readObject(fileOf(key))))
      return known.get(key)
    },
    keep(key, offer) {
      if (JSON.stringify(known.get(key)) === JSON.stringify(offer)) return
      known.set(key, offer)
      try {
        replaceFile(fileOf(key), JSON.stringify({ v: 1, ...offer }))
      } catch (error) {
        // It is only a cache: next time the server is asked again.
        onDefect(error)
      }
    },
  }
}

/** What was written by another version, or by nobody, is not known. */
function offerOf(kept: Json | undefined): Offer | undefined {
  if (kept === undefined || kept.v !== 1) return undefined
  const facts = asObject(kept.facts)
  const [title, version, protocol] = [asText(facts?.title), asText(facts?.version), asText(facts?.protocol)]
  if (title === undefined || version === undefined || protocol === undefined) return undefined
  const instructions = asText(facts?.instructions)
  return {
    facts: { title, version, protocol, ...(instructions === undefined ? {} : { instructions }) },
    tools: asList(kept.tools).flatMap(toolOf),
    prompts: asList(kept.prompts).flatMap(promptOf),
    resources: asList(kept.resources).flatMap(resourceOf),
  }
}

function toolOf(value: unknown): ServerTool[] {
  const tool = asObject(value)
  const [name, inputSchema, title] = [asText(tool?.name), asObject(tool?.inputSchema), asText(tool?.title)]
  if (name === undefined || inputSchema === undefined) return []
  const description = asText(tool?.description) ?? ""
  const isReadOnlyHinted = tool?.isReadOnlyHinted === true
  return [{ name, description, inputSchema, isReadOnlyHinted, ...(title === undefined ? {} : { title }) }]
}

function promptOf(value: unknown): ServerPrompt[] {
  const prompt = asObject(value)
  const name = asText(prompt?.name)
  if (name === undefined) return []
  const args = asList(prompt?.arguments).flatMap((one) => {
    const { name, description, isRequired } = asObject(one) ?? {}
    return typeof name === "string"
      ? [{ name, description: asText(description) ?? "", isRequired: isRequired === true }]
      : []
  })
  return [{ name, description: asText(prompt?.description) ?? "", arguments: args }]
}

function resourceOf(value: unknown): ServerResource[] {
  const { uri, name, description, mediaType } = asObject(value) ?? {}
  if (typeof uri !== "string") return []
  const media = asText(mediaType)
  return [
    {
      uri,
      name: asText(name) ?? uri,
      description: asText(description) ?? "",
      ...(media === undefined ? {} : { mediaType: media }),
    },
  ]
}
