import { languageOf } from "@skein/grammars"
import { folderOf, IMPORT_ROWS, type Place } from "./import-rows.ts"

/** Says which file or folder of a tree an import means; undefined for what lies outside of it. */
export function importResolver(paths: Iterable<string>): (from: string, text: string) => string | undefined {
  const files = new Set<string>()
  const byName = new Map<string, string[]>()
  const folders = new Map<string, string[]>()
  for (const path of paths) {
    files.add(path)
    listed(byName, nameOf(path), path)
    const folder = folderOf(path)
    if (!(folders.get(nameOf(folder))?.includes(folder) ?? false)) listed(folders, nameOf(folder), folder)
  }

  function at(place: Place, ending: string, from: string): string | undefined {
    if ("path" in place) return place.path !== "" && files.has(place.path + ending) ? place.path + ending : undefined
    if ("folderEnd" in place) {
      const found = nearest(endingWith(folders.get(nameOf(place.folderEnd)) ?? [], place.folderEnd), from)
      return found === undefined ? undefined : `${found}/`
    }
    const end = place.end + ending
    return nearest(endingWith(byName.get(nameOf(end)) ?? [], end), from)
  }

  return (from, text) => {
    const language = languageOf({ path: from })
    const row = language === undefined ? undefined : IMPORT_ROWS[language]
    for (const place of row?.places(text.replace(/^["'<]+|[">']+$/g, ""), from) ?? []) {
      for (const ending of row?.endings ?? []) {
        const found = at(place, ending, from)
        if (found !== undefined && found !== from) return found
      }
    }
    return undefined
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}

function listed(lists: Map<string, string[]>, name: string, path: string): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [path])
  else list.push(path)
}

function endingWith(paths: readonly string[], end: string): readonly string[] {
  return paths.filter((path) => path === end || path.endsWith(`/${end}`))
}

/** The one that shares most folders with it; of those alike the shortest. */
function nearest(paths: readonly string[], from: string): string | undefined {
  const own = from.split("/")
  const shared = (path: string) => {
    const parts = path.split("/")
    const at = parts.findIndex((part, index) => part !== own[index])
    return at === -1 ? parts.length : at
  }
  return paths.toSorted((a, b) => shared(b) - shared(a) || a.length - b.length)[0]
}
