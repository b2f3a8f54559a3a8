/** Of this package, as the server is told it: that of its package.json. */
export const SDK_VERSION = "0.1.0"
