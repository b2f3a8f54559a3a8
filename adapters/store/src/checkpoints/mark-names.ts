import { join } from "node:path"

/** Where marks lie. */
export function watchingIn(folder: string): string {
  return join(folder, "watching")
}

/** Whether it goes with a mark, whose name is what stands before. */
export function isBase(name: string): boolean {
  return name.includes(BASE)
}

export function markOfBase(name: string): string {
  return name.slice(0, name.indexOf(BASE))
}

/** Of the tree at this place among those of a mark. */
export function baseOf(path: string, at: number): string {
  return `${path}${BASE}${at}`
}

const BASE = ".base-"
