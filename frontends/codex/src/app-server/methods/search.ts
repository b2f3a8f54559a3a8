import { searchFiles } from "../file-search.ts"
import type { Methods } from "../method.ts"

export const SEARCH_METHODS: Methods = {
  fuzzyFileSearch: searchFiles,
  "fuzzyFileSearch/sessionStart": (params, { fileSearches }) => fileSearches.start(params),
  "fuzzyFileSearch/sessionUpdate": (params, context) => context.fileSearches.update(params, context),
  "fuzzyFileSearch/sessionStop": (params, { fileSearches }) => fileSearches.stop(params),
}
