/** Of this package, as the server is told it; packing puts it in. */
export const SDK_VERSION = "__SDK_VERSION__"
