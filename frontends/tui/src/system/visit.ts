import { resolve } from "node:path"
import { visible } from "@skein/protocol"
import { statsOf } from "./disk.ts"
import { isInsideWindows, type Machine } from "./machine.ts"
import type { Argv } from "./programs.ts"

/**
 * Opens a link or a file as the machine opens such. Who wrote it is anybody: a link leads to the web or to nothing, and a file
 * that would run is not opened.
 */
export async function visit(target: string, machine: Machine): Promise<void> {
  const shown = visible(target.slice(0, SHOWN_MAX))
  const opened = isLink(target) ? webAddress(target) : await fileAt(resolve(machine.cwd, target))
  if (opened === undefined) return machine.tell(`Not opened: ${shown} is neither a page nor a file to look at.`)
  for (const argv of openersOf(machine)) {
    const ran = await machine.programs.run([...argv, opened], { timeoutMs: TIMEOUT_MS, isQuiet: true })
    if (ran === undefined) continue
    if (ran.exitCode !== 0) machine.tell(`Not opened: ${argv[0]} did not take ${shown}.`)
    return
  }
  machine.tell(`Not opened: there is no ${openersOf(machine)[0]?.[0] ?? "program"} to open ${shown} with.`)
}

const SHOWN_MAX = 200
const TIMEOUT_MS = 10_000

function openersOf(machine: Machine): readonly Argv[] {
  if (machine.platform === "darwin") return [["open"]]
  if (machine.platform === "win32") return [["explorer.exe"]]
  return isInsideWindows(machine) ? [["wslview"], ["xdg-open"]] : [["xdg-open"]]
}

function isLink(target: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(target)
}

/** As the address that it is, so that nothing else of it is read as such. */
function webAddress(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined
  const url = new URL(target)
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined
}

/** What systems start when it is opened. */
const PROGRAMS =
  /\.(?:app|bat|cmd|com|command|cpl|desktop|exe|fileloc|hta|inetloc|jar|js|jse|lnk|msi|pif|ps1|reg|scpt|scr|terminal|tool|url|vbe|vbs|webloc|workflow|wsf|wsh)$/i

async function fileAt(path: string): Promise<string | undefined> {
  const found = await statsOf(path)
  if (found?.isFile() !== true || PROGRAMS.test(path) || (found.mode & EXECUTABLE) !== 0) return undefined
  return path
}

const EXECUTABLE = 0o111
