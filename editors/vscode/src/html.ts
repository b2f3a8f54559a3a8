/** What the page is made of, as addresses that the view may load. */
export interface PageParts {
  readonly script: string
  readonly style: string
  /** Where such addresses come from. */
  readonly source: string
  /** A new one for each page: a script without it does not run. */
  readonly nonce: string
}

/**
 * The page, which is empty: what it shows comes as messages, and is put there as text. Nothing may be loaded or run but its
 * own two files, and nothing may be reached.
 */
export function pageHtml({ script, style, source, nonce }: PageParts): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; form-action 'none'; base-uri 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>skein</title>
</head>
<body>
<main id="talk" aria-live="polite"></main>
<section id="changes" hidden></section>
<section id="asked" hidden></section>
<form id="composer">
<div id="along" hidden></div>
<textarea id="text" rows="3" placeholder="Ask, or say what to do" aria-label="What to do"></textarea>
<div id="foot"><span id="facts"></span><button id="stop" type="button" hidden>Stop</button><button id="send" type="submit">Send</button></div>
</form>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`
}
