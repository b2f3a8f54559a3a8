import type { CodeServer, CodeSymbol, Query, SessionId } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

interface CodePorts extends Pick<EnginePorts, "code"> {
  readonly state: (sessionId: SessionId) => Promise<SessionState>
}

type SymbolsQuery = Extract<Query, { type: "code.symbols" }>

/** What there is that knows the code of a session's folder. */
export async function codeServers(sessionId: SessionId, ports: CodePorts): Promise<readonly CodeServer[]> {
  const { created } = await ports.state(sessionId)
  return (await ports.code?.status(created.workspace.path)) ?? []
}

export async function codeSymbols({ sessionId, of }: SymbolsQuery, ports: CodePorts): Promise<readonly CodeSymbol[]> {
  const { created, settings } = await ports.state(sessionId)
  const root = created.workspace.path
  const options = { roots: [root, ...settings.extraRoots], signal: new AbortController().signal }
  const where = "path" in of ? { path: absolute(of.path, root) } : { root, query: of.name }
  return (await ports.code?.symbols(where, options)) ?? []
}

function absolute(path: string, root: string): string {
  return path.startsWith("/") ? path : `${root}/${path}`
}
