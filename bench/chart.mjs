// docs/benchmark.svg: the wall time of each contender as a multiple of the floor.

import { contenders } from './contenders.mjs';

/** @typedef {import('./report.mjs').Done} Done */

const SHOWN = ['open', 'limited', 'flaky'];
const [LEFT, WIDTH, LINE, FULL] = [205, 760, 22, 12]; // px, and the multiple of the floor at the right end

const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .small { fill: #59636e }
.ours { fill: #0f7b6c } .other { fill: #8c959f } .axis { stroke: #d1d9e0 } .lost { fill: #cf222e }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .small { fill: #9198a1 } .ours { fill: #2dd4bf } .other { fill: #656c76 } .axis { stroke: #3d444d } .lost { fill: #f85149 } }`;

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** @param {number} multiple */
const lengthOf = (multiple) => (Math.min(multiple, FULL) / FULL) * (WIDTH - LEFT - 190);

/**
 * @param {string} name
 * @param {import('./scenarios.mjs').Result} result
 * @param {number} floor
 * @param {number} rows
 * @param {number} y
 */
function barOf(name, { finished, ms }, floor, rows, y) {
	const multiple = ms / floor;
	const length = finished > 0 ? lengthOf(multiple) : 0;
	const isLost = finished < rows;
	const label = `${finished > 0 ? `${multiple.toFixed(2)} x ` : ''}${isLost ? `${finished} of ${rows} rows` : ''}`;
	return `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escaped(contenders[name].title)}</text>
<rect x="${LEFT}" y="${y + 3}" width="${length.toFixed(1)}" height="${LINE - 8}" rx="2" class="${name === 'ours' ? 'ours' : 'other'}"/>
<text x="${(LEFT + length + 6).toFixed(1)}" y="${y + 14}" class="${isLost ? 'lost' : 'small'}">${label}</text>`;
}

/** @param {Done[]} done */
export function chartOf(done) {
	let y = 30;
	/** @type {string[]} */
	const parts = [
		`<text x="10" y="18" class="small">Wall time as a multiple of the floor (rows x time of an answer / calls at once); 1 is the least possible</text>`,
	];
	for (const { scenario, floor, results } of done.filter(({ scenario: { name } }) => SHOWN.includes(name))) {
		parts.push(`<text x="10" y="${y + 18}" class="title">${escaped(scenario.title)}</text>`);
		const top = y + 26;
		y = top;
		for (const [name, result] of Object.entries(results)) {
			parts.push(barOf(name, result, floor, scenario.rows, y));
			y += LINE;
		}
		const x = (LEFT + lengthOf(1)).toFixed(1);
		parts.push(`<line x1="${x}" y1="${top}" x2="${x}" y2="${y}" class="axis" stroke-dasharray="3 3"/>`);
		y += 10;
	}
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="Wall time of each contender against the least possible">
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`;
}
