import { type HostInstructions, parseFlags, serveStreamJson } from "@skein/claude"
import { compose } from "@skein/host"
import { withClaudeFlags } from "../session/claude-request.ts"
import { hostRequest } from "../session/request.ts"
import { settingsSaid } from "../session/said.ts"
import type { Run } from "../verb.ts"

/** Driven over stdin and stdout by a host of the Claude Code stream-json contract. */
export const run: Run = async ({ flags, io, argv }) => {
  const request = hostRequest(flags, io)
  const hosted = parseFlags(argv)
  const instructions: { text?: string | undefined; append?: string | undefined } = {
    text: hosted.systemPrompt,
    append: hosted.appendSystemPrompt,
  }
  const host = compose({ ...withClaudeFlags(request, hosted, io), instructions })
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
        said: (sessionId) => settingsSaid(host, sessionId, flags),
        warn: (text) => io.err(`skein: ${text}`),
        readsSessionState: io.env.CLAUDE_CODE_SDK_READS_SESSION_STATE === "1",
        onInstructions: ({ systemPrompt, appendSystemPrompt }: HostInstructions) => {
          instructions.text = systemPrompt
          instructions.append = appendSystemPrompt
        },
      },
    })
  } finally {
    stop()
    await host.close()
  }
}
