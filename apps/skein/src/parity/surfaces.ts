import type { CommandTable } from "../verb.ts"
import { CODEX_CLI } from "./codex-cli.ts"
import { CODEX_EXEC } from "./codex-exec.ts"
import { acp } from "./probes/acp.ts"
import { appServer } from "./probes/app-server.ts"
import { commandLine } from "./probes/command-line.ts"
import { exec } from "./probes/exec.ts"
import { mcp } from "./probes/mcp.ts"
import type { Probe } from "./probes/probe.ts"
import { streamJson } from "./probes/stream-json.ts"
import type { Surface } from "./surface.ts"

/** All surfaces that are compared, in the order in which they are told. */
export const SURFACES: readonly Surface[] = [CODEX_EXEC, CODEX_CLI]

export function probesOf(table: CommandTable): readonly Probe[] {
  return [exec, appServer, acp, streamJson, mcp, commandLine(table)]
}
