declare const SKEIN_BUILD: { readonly version: string; readonly commit: string } | undefined

/** Stamped by the build; a run from source says so. */
export const VERSION: string = typeof SKEIN_BUILD === "undefined" ? "0.1.0-source" : SKEIN_BUILD.version

/** The commit it was built from; empty from source. */
export const COMMIT: string = typeof SKEIN_BUILD === "undefined" ? "" : SKEIN_BUILD.commit
