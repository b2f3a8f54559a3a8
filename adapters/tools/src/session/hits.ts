import type { PlanContext } from "@skein/core/ports"
import { isWithin, type SearchHit } from "@skein/protocol"

/** The sessions that were found. The words of one that worked in another folder are shown only when it is read. */
export function hitsText(hits: readonly SearchHit[], find: string, context: PlanContext): string {
  const others = hits.filter(({ session }) => session.sessionId !== context.sessionId)
  if (others.length === 0) return `No other session holds "${find}".`
  const rows = others.map(({ session, snippet }) => {
    const isInside = context.roots.some((root) => isWithin(session.cwd, root))
    const day = new Date(session.updatedAt).toISOString().slice(0, 10)
    const words = isInside ? snippet.replace(/[\uE000\uE001]/g, "").replace(/\s+/g, " ") : `(of ${session.cwd})`
    return `${session.sessionId}  ${day}  ${isInside ? `${session.title ?? session.preview}: ${words}` : words}`
  })
  return [...rows, `Read one with sessions {"read": "${others[0]?.session.sessionId}"}.`].join("\n")
}
