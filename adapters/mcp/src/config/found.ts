import type { McpServerInfo, McpServerSpec } from "@skein/protocol"
import type { LoginSettings } from "./login-settings.ts"

/** A server as one configuration names it. */
export interface FoundServer {
  /** As its file says it. */
  readonly name: string
  /** The same as a part of its tools' names: letters, digits, `-` and `_`, never two of those in a row. */
  readonly group: string
  readonly scope: McpServerInfo["scope"]
  /** Absolute. */
  readonly file?: string | undefined
  /** Undefined: it cannot be used, and `problem` says why. */
  readonly spec: McpServerSpec | undefined
  /** A sentence: what is wrong, and what to do. */
  readonly problem?: string | undefined
  /** False: who named it, or a person's list, turned it off. */
  readonly isEnabled: boolean
  /** No turn begins without it. */
  readonly isRequired: boolean
  /** Of a folder: the item of its inventory that has to be trusted. */
  readonly item?: TrustedAs | undefined
  /** What is said of logging in to it. */
  readonly login?: LoginSettings | undefined
  /** Hosts that its process may reach whoever uses it. */
  readonly hosts: readonly string[]
  /** The person says that its process is not confined. */
  readonly isUnconfined: boolean
  /** Tools about which whoever named it says something, by name: asked about each time, or approved as they are. */
  readonly asked: ReadonlySet<string>
  readonly approved: ReadonlySet<string>
  /** Of a folder: the one of its name that is there without the folder, and is used while nobody trusts this one. */
  readonly hides?: FoundServer | undefined
}

/** How the inventory of a folder names what a file says, behind the file's own name and `#`. */
export interface TrustedAs {
  readonly place: string
  readonly sha256: string
}

/** The name of a server or tool as a model writes it in the name of a call. */
export function groupOf(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_+|_+$/g, "")
  return plain === "" ? "server" : plain.slice(0, GROUP_MAX)
}

const GROUP_MAX = 40
