import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync } from "node:fs"
import { basename } from "node:path"
import { PERMISSIONS } from "./access.ts"
import type { Step } from "./journal.ts"
import type { Libc } from "./libc.ts"
import { find, lineOf } from "./lower.ts"
import { type Pinned, pinParent } from "./pinned.ts"

/** Where a step is done. */
export interface Site {
  readonly root: string
  readonly staging: Pinned
  readonly libc: Libc
}

/** Something else stands there than what was expected; whatever it is, it stands there still. */
export class Overtaken extends Error {
  override readonly name = "Overtaken"
}

/** Done, with what was there proved to be what was expected by the very thing that came out; or not done at all. */
export function perform(step: Step, site: Site): void {
  using folder = pinParent(site.root, step.path)
  const name = basename(step.path)
  const { staging, libc } = site
  const [slot, target] = [staging.at(step.slot), folder.at(name)]
  if (step.kind === "mode") return setMode(folder, name, step)
  if (lineAt(folder, name) !== step.before) throw new Overtaken(step.path)
  if (step.kind === "add") return addNew(libc, slot, target, step.path)
  const over = step.kind === "exchange" ? "exchange" : "never"
  libc.rename(target, slot, over)
  if (lineAt(staging, step.slot) === step.before) return
  libc.rename(slot, target, over)
  throw new Overtaken(step.path)
}

/** Takes a step back that was performed a moment ago. What somebody put there since stays. */
export function takeBack(step: Step, { root, staging, libc }: Site): void {
  using folder = pinParent(root, step.path)
  const name = basename(step.path)
  const [slot, target] = [staging.at(step.slot), folder.at(name)]
  const isOurs = inodeAt(target) === step.inode
  switch (step.kind) {
    case "mode": {
      const [, , , mode] = step.before.split(" ")
      if (mode !== undefined && isOurs) setMode(folder, name, { ...step, mode: Number(mode) & PERMISSIONS })
      return
    }
    case "add":
      if (isOurs) libc.rename(target, slot, "never")
      return
    case "exchange":
      if (isOurs) libc.rename(slot, target, "exchange")
      return
    case "remove":
      if (inodeAt(target) === "") libc.rename(slot, target, "never")
  }
}

/** Whether a step that a killed process was to do was done. */
export function isPerformed(step: Step, { staging }: Site): boolean {
  const inode = inodeAt(staging.at(step.slot))
  switch (step.kind) {
    case "mode":
      return false // doing it again changes nothing
    case "add":
      return inode === ""
    case "exchange":
      return inode !== step.inode
    case "remove":
      return inode !== ""
  }
}

function addNew(libc: Libc, slot: string, target: string, path: string): void {
  try {
    libc.rename(slot, target, "never")
  } catch (error) {
    throw error instanceof Error && "code" in error && error.code === "EEXIST" ? new Overtaken(path) : error
  }
}

/** Only of the thing itself: a link that was put there meanwhile leads nowhere. */
function setMode(folder: Pinned, name: string, { inode, mode, path }: Step): void {
  const fd = openSync(folder.at(name), O_PATH | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(fd)
    if (String(stats.ino) !== inode || stats.isSymbolicLink()) throw new Overtaken(path)
    chmodSync(`/proc/self/fd/${fd}`, mode)
  } finally {
    closeSync(fd)
  }
}

const O_PATH = 0o10000000

/** All of it counts, down to the last name. Empty for nothing. */
function lineAt(folder: Pinned, name: string): string {
  const found = find(folder, name, true)
  return found === undefined ? "" : lineOf(found)
}

/** Empty when nothing is there. */
export function inodeAt(path: string): string {
  return String(lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? "")
}
