import { compose, estimatedTokens, type Host, locate } from "@skein/host"
import { breakText, type ContextProfile, type ContextReport, jsonPage, type Section } from "@skein/protocol"
import { sessionNamed } from "../session/find.ts"
import { hostRequest } from "../session/request.ts"
import { visible } from "../tell/visible.ts"
import type { Run } from "../verb.ts"

/** What stands before a conversation: `why` for what would be read now; `tokens` are estimates. */
interface Shown {
  readonly sections: readonly ShownSection[]
  readonly refused: readonly { readonly path: string; readonly reason: string }[]
  /** Tokens beside the sections, for a session. */
  readonly counts?: Readonly<Record<string, number | undefined>>
  /** What the conversation's tokens are, and what of the newest request the provider had cached. */
  readonly conversation?: ContextReport["conversation"]
  readonly cache?: ContextReport["cache"]
  readonly profile: ContextProfile
}

type ShownSection = Omit<Section, "tokens"> & { readonly why?: string | undefined; readonly tokens?: number }

/**
 * `skein context`: exactly which bytes a session started here would have before it, and why. With a session's id: what
 * that session has. Starts nothing and asks nobody.
 */
export const run: Run = async ({ flags, words, io }) => {
  const request = hostRequest(flags, io)
  const host = compose(request)
  try {
    const [id] = words
    const shown = id === undefined ? await here(host, request.cwd) : await ofSession(host, id)
    if (flags.has("json")) {
      io.out(jsonPage(shown))
      return 0
    }
    for (const line of table(shown)) io.out(visible(line))
    if (flags.has("text")) {
      for (const { source, path, text } of shown.sections)
        io.out(`\n${visible(`--- ${path ?? source}`)}\n${visible(text)}`)
    }
    return 0
  } finally {
    await host.close()
  }
}

async function here(host: Host, cwd: string): Promise<Shown> {
  const { path } = await locate(cwd)
  const { model, extraRoots } = host.settings
  const { profile } = host.profileFor(model, path)
  const { sections, refused } = host.sources.report({ cwd: path, roots: [path, ...extraRoots], profile })
  const skills = profile === "compact" ? undefined : await host.skills.section(path)
  const all =
    skills === undefined ? sections : behindAllButTheLast(sections, { ...skills, why: "the skills there are" })
  const counted = all.map((section) => ({ ...section, tokens: estimatedTokens.estimate(section.text) }))
  return { sections: counted, refused, profile }
}

/** The environment stands last, because it changes. */
function behindAllButTheLast<T>(sections: readonly T[], added: T): readonly T[] {
  return [...sections.slice(0, -1), added, ...sections.slice(-1)]
}

async function ofSession(host: Host, id: string): Promise<Shown> {
  const sessionId = await sessionNamed(host.engine, id)
  const report = await host.engine.ask({ type: "context.report", sessionId })
  const {
    sections,
    inline,
    profile = "standard",
    toolTokens,
    messageTokens,
    totalTokens,
    contextTokens,
    conversation,
    cache,
  } = report
  const onTheWay = inline.map((section) => ({ ...section, why: "came up on the way" }))
  return {
    sections: [...sections, ...onTheWay],
    refused: [],
    counts: { toolTokens, messageTokens, totalTokens, contextTokens },
    conversation,
    cache,
    profile,
  }
}

function table({ sections, profile, refused, counts, conversation = [], cache }: Shown): string[] {
  const rows = sections.map((section) => [
    section.source,
    `${section.bytes} bytes`,
    section.sha256.slice(0, 12),
    [section.path, reason(section)].filter((part) => part !== undefined).join("  "),
  ])
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)))
  const total = sections.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    ...rows.map((row) =>
      row
        .map((cell, at) => (at === 1 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    ),
    `together ${total} bytes${profile === "compact" ? ", in the compact profile: short instructions and few tools" : ""}`,
    ...refused.map(({ path, reason: why }) => `not read: ${path}: ${why}`),
    ...(counts === undefined ? [] : [countsLine(counts)]),
    ...conversation.map(({ source, tokens }) => `  ${source} ${tokens}`),
    ...(cache === undefined ? [] : [cacheLine(cache)]),
  ]
}

function reason({ why, tokens, bytesOmitted }: ShownSection): string | undefined {
  const parts = [
    why,
    tokens === undefined ? undefined : `about ${tokens} tokens`,
    bytesOmitted === undefined ? undefined : `${bytesOmitted} bytes left out`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : `(${parts.join("; ")})`
}

function countsLine({ toolTokens, messageTokens, totalTokens, contextTokens }: NonNullable<Shown["counts"]>): string {
  const window = contextTokens === undefined ? "" : ` of ${contextTokens}`
  return `tokens: tools ${toolTokens}, conversation ${messageTokens}, all ${totalTokens}${window}`
}

function cacheLine({ readTokens, inputTokens, miss }: NonNullable<Shown["cache"]>): string {
  const why = miss === undefined ? "" : ` (${miss.tokens} more could have: ${breakText(miss)})`
  return `cache: ${readTokens} of the newest request's ${inputTokens} tokens came from it${why}`
}
