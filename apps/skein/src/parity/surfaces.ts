import { SURFACE as ACP } from "@skein/acp/surface"
import { SURFACE as CLAUDE, SURFACE_OF as CLAUDE_OF } from "@skein/claude/surface"
import { SURFACE as APP_SERVER } from "@skein/codex/surface"
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
export const SURFACES: readonly Surface[] = [
  {
    id: "claude agent sdk",
    reference: `@anthropic-ai/claude-agent-sdk ${CLAUDE_OF}`,
    boundary: "@skein/claude",
    artifacts: ["frontends/claude/test/surface.test.ts", "frontends/claude/test/sdk.test.ts"],
    probes: ["stream-json.turn"],
    rows: CLAUDE,
  },
  CODEX_EXEC,
  CODEX_CLI,
  {
    id: "codex app-server",
    reference: "codex-cli 0.163.0",
    boundary: "@skein/codex",
    artifacts: ["frontends/codex/test/schemas.test.ts", "frontends/codex/test/app-server.test.ts"],
    probes: ["app-server.turn"],
    rows: APP_SERVER,
  },
  {
    id: "agent client protocol",
    reference: "Agent Client Protocol, version 1",
    boundary: "@skein/acp",
    artifacts: ["frontends/acp/test/surface.test.ts"],
    probes: ["acp.turn"],
    rows: ACP,
  },
]

export function probesOf(table: CommandTable): readonly Probe[] {
  return [exec, appServer, acp, streamJson, mcp, commandLine(table)]
}
