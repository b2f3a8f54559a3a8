import type { NetworkAttempt, SessionId } from "@skein/protocol"
import type { NetworkGate } from "./network.ts"

/**
 * The web, as tools ask it. Every host is decided by the caller's gate and connected to at the address that was checked,
 * also where a redirect leads; nothing is kept between requests, cookies neither. All failures are ToolFailure, with a
 * text for the model.
 */
export interface WebPort {
  /** The address as it would be asked for, and `host:port` as it is decided about. Throws for what is never asked for. */
  target(url: string): { readonly url: string; readonly host: string }
  /** One request, and the redirects it leads to. An answer of any status is an answer. */
  request(asked: WebRequest, caller: WebCaller): Promise<WebAnswer>
  /** What a model can read of an answer. */
  page(answer: WebAnswer, format: PageFormat, signal: AbortSignal): Promise<WebPage>
  /** Asks several engines at once. Throws when none of them answers. */
  search(asked: SearchAsked, caller: WebCaller): Promise<SearchFindings>
  /** Where a search goes: `host:port`, for the judge and the person. */
  searchHosts(asked: SearchAsked): readonly string[]
}

/** On whose behalf. */
export interface WebCaller {
  readonly sessionId: SessionId
  readonly callId: string
  readonly network: NetworkGate
  readonly signal: AbortSignal
}

export interface WebRequest {
  readonly url: string
  /** Upper case; GET when left out. */
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  /** Of the answer's body, packed and unpacked; what is longer is cut. */
  readonly bytesMax: number
  /** For everything together. */
  readonly timeoutMs: number
  /** 0: a redirect is the answer. */
  readonly redirectsMax: number
}

export interface WebAnswer {
  /** Where it came from in the end. */
  readonly url: string
  readonly status: number
  readonly statusText: string
  /** Lower-case names; several values of a name joined by ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** Unpacked. */
  readonly bytes: Uint8Array
  readonly isCut: boolean
  /** The addresses it was sent on from, first to last. */
  readonly redirects: readonly string[]
  readonly durationMs: number
  readonly network: readonly NetworkAttempt[]
}

export type PageFormat = "markdown" | "text" | "html"

export interface WebPage {
  readonly title?: string | undefined
  readonly text: string
  /** What was left out, and why: sentences. */
  readonly notes: readonly string[]
}

export interface SearchAsked {
  readonly query: string
  readonly limit: number
  /** Only these domains, and what is below them. */
  readonly domains: readonly string[]
  /** Nobody is asked: only what an earlier search found is given. */
  readonly isCachedOnly: boolean
}

export interface SearchFindings {
  /** Best first. */
  readonly results: readonly SearchResult[]
  /** Engines that answered, and what those said that did not. */
  readonly answered: readonly string[]
  readonly failed: readonly { readonly engine: string; readonly reason: string }[]
  readonly network: readonly NetworkAttempt[]
}

export interface SearchResult {
  readonly title: string
  readonly url: string
  readonly snippet: string
  /** Who found it. */
  readonly engines: readonly string[]
}

/** Files that are no text, as text. */
export interface DocumentsPort {
  /** What kind of document these bytes are; undefined for none that is known. */
  kindOf(bytes: Uint8Array, name: string): DocumentKind | undefined
  /** Throws ToolFailure for one that is damaged, locked, or larger inside than it may be. */
  textOf(bytes: Uint8Array, kind: DocumentKind, options: DocumentOptions): Promise<DocumentText>
}

export type DocumentKind = "pdf" | "notebook" | "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp"

export interface DocumentOptions {
  /** Pages, slides or sheets, from 1: `2`, `3-7`, `1,4-5`. All when left out. */
  readonly pages?: string | undefined
  readonly signal: AbortSignal
}

export interface DocumentText {
  readonly text: string
  /** `page`, `slide`, `sheet`, `cell`; undefined where there are none. */
  readonly unit?: string | undefined
  readonly units?: number | undefined
  /** Pictures in it, when it is a notebook whose outputs are some. */
  readonly images?:
    | readonly { readonly mediaType: string; readonly bytes: Uint8Array; readonly name: string }[]
    | undefined
  readonly notes: readonly string[]
}
