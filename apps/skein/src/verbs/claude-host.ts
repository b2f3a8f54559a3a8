import { type HostGiven, parseFlags, serveStreamJson, unsupportedOf } from "@skein/claude"
import { type ClientGiven, compose } from "@skein/host"
import { claudeFacts } from "../session/claude-facts.ts"
import { claudeFlags, withClaudeFlags } from "../session/claude-request.ts"
import { startModel } from "../session/open.ts"
import { hostRequest } from "../session/request.ts"
import { settingsSaid } from "../session/said.ts"
import type { Run } from "../verb.ts"

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Driven over stdin and stdout by a host of the Claude Code stream-json contract. */
export const run: Run = async ({ flags, io, argv }) => {
  const request = hostRequest(flags, io)
  const parsed = parseFlags(argv)
  const unsupported = [...parsed.unsupported, ...unsupportedOf(io.env)]
  const hosted = claudeFlags({ ...parsed, unsupported }, request)
  const instructions: { text?: string | undefined; append?: string | undefined } = {
    text: hosted.systemPrompt,
    append: hosted.appendSystemPrompt,
  }
  const given: Mutable<ClientGiven> = { agents: hosted.agents }
  const host = compose({ ...withClaudeFlags(request, hosted, io), instructions, given })
  const stop = io.onSignal((signal) => process.exit(signal === "SIGTERM" ? 143 : 130))
  try {
    return await serveStreamJson({
      engine: host.engine,
      input: io.inputLines(),
      write: (line) => io.out(line),
      options: {
        flags: hosted,
        cwd: request.cwd,
        home: request.home,
        settings: host.settings,
        startModel: () => startModel(host, request.cwd),
        said: (sessionId) => settingsSaid(host, sessionId, flags),
        warn: (text) => io.err(`skein: ${text}`),
        readsSessionState: io.env.CLAUDE_CODE_SDK_READS_SESSION_STATE === "1",
        hookWords: () => host.hookWords(),
        ...claudeFacts(host, request.cwd),
        onGiven({ systemPrompt, appendSystemPrompt, agents, pluginDirs, skills }: HostGiven) {
          if (systemPrompt !== undefined) instructions.text = systemPrompt
          if (appendSystemPrompt !== undefined) instructions.append = appendSystemPrompt
          if (agents !== undefined) given.agents = { ...given.agents, ...agents }
          if (pluginDirs !== undefined) given.pluginDirs = pluginDirs
          if (skills !== undefined) given.skills = skills
        },
      },
    })
  } finally {
    stop()
    await host.close()
  }
}
