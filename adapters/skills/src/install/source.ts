import { SkeinError } from "@skein/protocol"

/** Where skills come from, as a person wrote it. */
export type Source =
  /** A folder or an archive of this machine; absolute. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "archive"; readonly url: string }
  /** `path`: the folder in the repository; `ref`: a branch or a tag. */
  | {
      readonly kind: "git"
      readonly url: string
      readonly path?: string | undefined
      readonly ref?: string | undefined
    }
  | { readonly kind: "npm"; readonly name: string; readonly version?: string | undefined }

/**
 * Reads `./folder`, `file.zip`, an address of an archive or a repository, `owner/repo[/path][@ref]` of GitHub, and
 * `npm:package[@version]`. `resolved` gives the absolute path of what is there; undefined where nothing is. Throws
 * SkeinError `op.invalid`.
 */
export function sourceOf(text: string, resolved: (path: string) => string | undefined): Source {
  const path = resolved(text)
  if (path !== undefined) return { kind: "path", path }
  if (text.startsWith("npm:")) return npmSource(text.slice("npm:".length))
  if (/^https?:\/\//.test(text)) return webSource(text)
  if (/^[a-z+]+:\/\/|^[\w.-]+@[\w.-]+:/i.test(text))
    throw invalid(text, "only https addresses are taken: a program of this machine would have to make the connection")
  const [, owner, repo, below, ref] = GITHUB.exec(text) ?? []
  if (owner === undefined || repo === undefined || /^[./~]/.test(text))
    throw invalid(text, "there is no such file or folder, and it is no address, owner/repo or npm:package")
  return { kind: "git", url: `https://github.com/${owner}/${repo}.git`, ...inRepository(below, ref) }
}

const GITHUB = /^([\w-][\w.-]*)\/([\w-][\w.-]*?)(?:\.git)?(?:\/([\w./-]+?))?(?:@([\w./-]+))?$/
const ARCHIVE = /\.(zip|skill|tar|tgz|tar\.gz)$/i
const TREE = /^(https:\/\/[^/]+\/[^/]+\/[^/]+?)(?:\/-)?\/(?:tree|blob)\/([^/]+)(?:\/(.*?))?(?:\/?SKILL\.md)?\/?$/

function webSource(text: string): Source {
  const url = URL.parse(text)
  if (url === null || url.username !== "" || url.password !== "")
    throw invalid(text.replace(/\/\/[^/@]*@/, "//…@"), "it is no address, or holds a name and a password")
  if (ARCHIVE.test(url.pathname)) return { kind: "archive", url: text }
  const [, repository, ref, path] = TREE.exec(text) ?? []
  if (repository !== undefined) return { kind: "git", url: `${repository}.git`, ...inRepository(path, ref) }
  const [, whole = text, below, at] = /^(https?:\/\/[^@#]+?)(?:#([\w./-]+))?(?:@([\w./-]+))?$/.exec(text) ?? []
  return { kind: "git", url: whole, ...inRepository(below, at) }
}

function inRepository(path: string | undefined, ref: string | undefined) {
  if (path?.split("/").includes("..") === true || ref?.startsWith("-") === true)
    throw invalid(path ?? ref ?? "", "it leads out of the repository")
  return { ...(path === undefined || path === "" ? {} : { path }), ...(ref === undefined ? {} : { ref }) }
}

function npmSource(text: string): Source {
  const [, name, version] = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)(?:@([\w.^~+-]+))?$/.exec(text) ?? []
  if (name === undefined) throw invalid(`npm:${text}`, "that is no name of a package")
  return { kind: "npm", name, ...(version === undefined ? {} : { version }) }
}

/** The same as one line, for lists and for the record that `update` goes by. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case "path":
      return source.path
    case "archive":
      return source.url
    case "npm":
      return `npm:${source.name}${source.version === undefined ? "" : `@${source.version}`}`
    case "git": {
      const { url, path, ref } = source
      return `${url}${path === undefined ? "" : `#${path}`}${ref === undefined ? "" : `@${ref}`}`
    }
  }
}

function invalid(text: string, why: string): SkeinError {
  return new SkeinError("op.invalid", `Cannot add skills from ${JSON.stringify(text.slice(0, 200))}: ${why}.`)
}
