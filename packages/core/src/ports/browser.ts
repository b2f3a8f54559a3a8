import type { NetworkAttempt, SessionId } from "@skein/protocol"
import type { WebCaller } from "./web.ts"

/**
 * A browser for each session that wants one: opened when it is first used, thrown away with its profile. Its pages reach
 * the network only while a call runs, each host decided by that call's gate. All failures are ToolFailure.
 */
export interface BrowserPort {
  /** Does one thing, and tells what is to be seen then. Throws ToolFailure, with the cure, where there is no browser. */
  act(action: BrowserAction, caller: WebCaller): Promise<BrowserView>
  /** Where this session's page is: `host:port`; undefined while none is open. */
  hostOf(sessionId: SessionId): string | undefined
}

export type BrowserAction =
  | { readonly kind: "open"; readonly url: string }
  | { readonly kind: "click"; readonly target: string }
  /** Replaces what a field holds. */
  | { readonly kind: "type"; readonly target: string; readonly text: string; readonly isSubmitted: boolean }
  | { readonly kind: "press"; readonly key: string }
  | { readonly kind: "text" }
  | { readonly kind: "screenshot"; readonly isWholePage: boolean }
  | { readonly kind: "eval"; readonly script: string }
  | { readonly kind: "back" }
  | { readonly kind: "close" }

export interface BrowserView {
  readonly url: string
  readonly title: string
  /** What is on the page, with marks by which its parts can be named; what a script gave. */
  readonly text?: string | undefined
  readonly image?: Uint8Array | undefined
  readonly notes: readonly string[]
  readonly network: readonly NetworkAttempt[]
}
