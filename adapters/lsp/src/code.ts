import { type CodePort, type CodeQuery, ToolFailure } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { introducing } from "./introduced.ts"
import { hasLinter, linting } from "./linters/linting.ts"
import type { CodeOptions } from "./options.ts"
import { questions } from "./questions.ts"
import { reporting } from "./report.ts"
import { pool, type ServerFor, type Taken, type Where } from "./running/pool.ts"
import { rowFor, rowsOf } from "./servers/choose.ts"
import { statusOf } from "./status.ts"

export interface ClosableCode extends CodePort {
  /** Ends every server, and resolves when nothing of them is left. */
  close(): Promise<void>
}

/** What language servers and linters know of the code. Starts nothing before it is asked. */
export function code(options: CodeOptions): ClosableCode {
  const servers = pool(options)

  function whereOf(path: string, { roots }: Pick<CodeQuery, "roots">): Where | undefined {
    const workspace = roots.find((root) => isWithin(path, root))
    return workspace === undefined ? undefined : { workspace, roots, settings: options.settingsFor(workspace) }
  }

  /** Undefined when nothing is to speak of this file. Throws ToolFailure when what should is not here. */
  const serverFor: ServerFor = async (path, query) => {
    const where = whereOf(path, query)
    if (where === undefined || !where.settings.isEnabled) return undefined
    if (options.isRefused(where.workspace)) return undefined
    const row = rowFor(path, rowsOf(where.settings))
    return row === undefined ? undefined : await servers.take(row, path, where)
  }

  /** The same for a question that has no answer without one. */
  async function serverOf(path: string, query: Pick<CodeQuery, "roots">): Promise<Taken> {
    const where = whereOf(path, query)
    if (where !== undefined && !where.settings.isEnabled)
      throw new ToolFailure("Language servers are off: lsp.enabled.")
    const taken = await serverFor(path, query)
    if (taken === undefined) throw new ToolFailure(`No language server is known for ${path}. lsp.servers can name one.`)
    return taken
  }

  function isSpokenOf(path: string, query: Pick<CodeQuery, "roots">): boolean {
    const where = whereOf(path, query)
    return where !== undefined && (rowFor(path, rowsOf(where.settings)) !== undefined || hasLinter(path))
  }

  const lint = linting(options, whereOf)
  const { noted, ...introduces } = introducing({ serverFor, lint, isSpokenOf })
  return {
    ...introduces,
    ...questions(serverOf, whereOf),
    diagnostics: reporting({ serverFor, lint, known: () => [...new Set([...servers.shown, ...noted()])] }),
    status: (root) => statusOf(root, options, servers),
    close: servers.close,
  }
}
