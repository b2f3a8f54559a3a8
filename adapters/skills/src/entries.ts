import { type Dirent, readdirSync } from "node:fs"

/** What lies in a folder, by name; nothing where there is none, or none that may be looked into. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && "code" in error) return []
    throw error
  }
}
