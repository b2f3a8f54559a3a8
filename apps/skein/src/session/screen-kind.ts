import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { directories } from "@skein/config/directories"
import { configFiles } from "@skein/config/files"
import type { VerbCall } from "../verb.ts"

export type ScreenKind = "inline" | "full" | "lines"

/**
 * Where the person wants to be drawn to. Asked before the first frame, so settings are only read as such when the word
 * stands in one of their places. Throws SkeinError `config.invalid`.
 */
export async function screenKind(call: VerbCall): Promise<ScreenKind> {
  const { flags, io } = call
  if (flags.has("screen-reader")) return "lines"
  if (flags.has("full-screen")) return "full"
  if (flags.has("no-alt-screen")) return "inline"
  const folders = directories(io.env, io.env.HOME ?? homedir())
  const settingsFile = flags.text("settings-file")
  const files = [
    ...(flags.has("ignore-user-config") ? [] : [join(folders.config, "config.toml")]),
    ...(settingsFile === undefined ? [] : [resolve(io.cwd, settingsFile)]),
  ]
  const { read } = configFiles()
  const isSaid =
    flags.list("config").some(saysScreen) ||
    io.env.SKEIN_TUI__SCREEN ||
    files.some((file) => saysScreen(read(file) ?? ""))
  if (!isSaid) return "inline"
  const [{ hostRequest }, { personsConfig }] = await Promise.all([
    import("./request.ts"),
    import("./screen-settings.ts"),
  ])
  return personsConfig(hostRequest(flags, io), folders).values.tui.screen
}

function saysScreen(text: string): boolean {
  return text.includes("screen")
}
