import { type AppServerOptions, Audience } from "@skein/codex"
import type { Host, HostRequest } from "@skein/host"
import type { Io } from "../io.ts"
import { startModel } from "../session/open.ts"
import { readImage } from "../session/prompt.ts"
import { VERSION } from "../version.ts"
import { machineFiles } from "./files.ts"
import { personal } from "./personal.ts"
import { startProgram } from "./programs.ts"
import { diffToRemote } from "./remote-diff.ts"

/** What one client after the other is served with; each is somebody of its own to the engine. */
export function serverOptions(host: Host, request: HostRequest, io: Io): () => AppServerOptions {
  const own = personal(host, request)
  const audience = new Audience()
  return () => ({
    version: VERSION,
    cwd: request.cwd,
    home: host.directories.data,
    settings: host.settings,
    platform: process.platform === "darwin" ? "macos" : process.platform,
    clientId: `cli_${crypto.randomUUID()}`,
    now: Date.now,
    readImage,
    services: {
      start: (asked) => startProgram(host.exec, asked),
      files: machineFiles,
      diffToRemote: (cwd) => diffToRemote(host.exec, cwd),
    },
    personal: own,
    audience,
    startModel: (cwd) => startModel(host, cwd),
    warn: (text) => io.err(`skein: ${text}`),
  })
}
