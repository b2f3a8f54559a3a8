export { type BrowserOptions, browsers, type ClosableBrowser } from "./browser/browser.ts"
export { documents } from "./documents/documents.ts"
export { ENGINES, type EngineChoice } from "./search/engines.ts"
export { type WebOptions, web } from "./web.ts"
