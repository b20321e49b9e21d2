// Which files are read, and what their extension elements mean.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** SpiffWorkflow's extension namespace, described for moddle. */
export const spiffworkflow = JSON.parse(readFileSync(new URL('./spiffworkflow.json', import.meta.url), 'utf8'));

/** All files with this suffix, in order of name; `path` may be one file or a folder (folders below it included). */
export function filesUnder(path, suffix) {
  if (!statSync(path).isDirectory()) return path.endsWith(suffix) ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name), suffix));
}
