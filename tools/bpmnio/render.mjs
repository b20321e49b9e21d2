// Draws every diagram as bpmn.io shows it: `node render.mjs IN OUTDIR [SCALE]`, IN a .bpmn file or a folder of them.
// One PNG per diagram (and one per collapsed sub-process); exit 1 when bpmn-js could not draw a file or warned about it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import puppeteer from 'puppeteer-core';

import { filesUnder, spiffworkflow } from './sources.mjs';

const MARGIN = 20;
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const BLANK = `<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<style>body{margin:0;background:#fff}#canvas{width:800px;height:600px}.bjs-powered-by{display:none}</style>
<div id="canvas"></div></html>`;

const require = createRequire(import.meta.url);

/** Give bpmn-js a file; returns its warnings and the planes (the diagram itself and collapsed sub-processes). */
function open(page, xml) {
  return page.evaluate(
    async (source, descriptor) => {
      window.viewer?.destroy();
      window.viewer = new window.BpmnJS({
        container: '#canvas',
        moddleExtensions: { spiffworkflow: descriptor },
        textRenderer: { defaultStyle: { fontFamily: '"Noto Sans CJK SC", Arial, sans-serif' } },
      });
      const { warnings } = await window.viewer.importXML(source);
      const planes = window.viewer.get('canvas').getRootElements().map((root) => root.id);
      return { warnings: warnings.map((warning) => warning.message), planes };
    },
    xml,
    spiffworkflow,
  );
}

/** Size the canvas to one plane, so that the picture shows it whole at its natural size. */
function fit(page, plane, margin) {
  return page.evaluate(
    (id, gap) => {
      const canvas = window.viewer.get('canvas');
      canvas.setRootElement(canvas.findRoot(id));
      const box = canvas.getActiveLayer().getBBox();
      const size = { width: Math.ceil(box.width + 2 * gap), height: Math.ceil(box.height + 2 * gap) };
      const holder = document.getElementById('canvas');
      holder.style.width = `${size.width}px`;
      holder.style.height = `${size.height}px`;
      canvas.resized();
      canvas.viewbox({ x: box.x - gap, y: box.y - gap, ...size });
      return size;
    },
    plane,
    margin,
  );
}

async function draw(page, file, folder, scale) {
  const { warnings, planes } = await open(page, readFileSync(file, 'utf8'));
  for (const [index, plane] of planes.entries()) {
    const size = await fit(page, plane, MARGIN);
    await page.setViewport({ ...size, deviceScaleFactor: scale });
    const name = index === 0 ? basename(file, '.bpmn') : `${basename(file, '.bpmn')}.${plane}`;
    const path = join(folder, `${name}.png`);
    await (await page.$('#canvas')).screenshot({ path });
    console.log(`${path}  ${size.width}×${size.height}`);
  }
  return warnings;
}

async function main([input, folder, scale = '1.5']) {
  if (!input || !folder) throw new Error('usage: node render.mjs IN OUTDIR [SCALE]');
  const executablePath = CHROMIUM.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found: install it (apt-get install chromium) or set CHROMIUM');
  mkdirSync(folder, { recursive: true });
  const userDataDir = mkdtempSync(join(tmpdir(), 'bpmnio-'));
  const browser = await puppeteer.launch({ executablePath, args: FLAGS, userDataDir, headless: true });
  let failed = false;
  try {
    const page = await browser.newPage();
    await page.setContent(BLANK);
    await page.addScriptTag({ path: require.resolve('bpmn-js/dist/bpmn-viewer.production.min.js') });
    await page.addStyleTag({ path: require.resolve('bpmn-js/dist/assets/bpmn-js.css') });
    for (const file of filesUnder(input, '.bpmn')) {
      const problems = await draw(page, file, folder, Number(scale)).catch((error) => [error.message]);
      for (const problem of problems) console.error(`${file}: ${problem}`);
      failed ||= problems.length > 0;
    }
  } finally {
    await browser.close();
    rmSync(userDataDir, { recursive: true, force: true });
  }
  return failed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
