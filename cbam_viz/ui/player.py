"""Three sounds that run together, of which one is heard: switching stays at the same place; a cursor shows where.

All of it is on the page: the sounds come with it, and nothing is asked of any server.
"""

from typing import Any

import streamlit as st

HTML = """
<canvas></canvas>
<input class="place" type="range" min="0" max="1000" step="1" value="0">
<div class="row">
  <button class="play" type="button"></button>
  <div class="sounds" role="radiogroup"></div>
  <span class="time"></span>
</div>
<p class="none" role="status"></p>
"""
CSS = """
canvas { display: block; width: 100%; height: 150px; cursor: pointer; }
.place { display: block; width: 100%; margin: 0.3rem 0 0.6rem; accent-color: var(--st-primary-color); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
.sounds { display: flex; }
button { font: inherit; padding: 0.35rem 0.8rem; cursor: pointer; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius); }
.sounds button { border-radius: 0; margin-left: -1px; }
.sounds button:first-child { border-radius: var(--st-base-radius) 0 0 var(--st-base-radius); margin-left: 0; }
.sounds button:last-child { border-radius: 0 var(--st-base-radius) var(--st-base-radius) 0; }
button:hover, button[aria-checked=true] { color: var(--st-primary-color);
  border-color: var(--st-primary-color); z-index: 1; }
button[aria-checked=true] { font-weight: 650; }
button.play { min-width: 5rem; color: var(--st-primary-color); border-color: var(--st-primary-color);
  font-weight: 650; }
:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.time { font-variant-numeric: tabular-nums; opacity: 0.8; }
.none:empty { display: none; }
"""
JS = """
const players = new WeakMap();

export default function ({ data, parentElement: root }) {
  if (!players.has(root)) players.set(root, makePlayer(root));
  const player = players.get(root);
  player.show(data);
}

function makePlayer(root) {
  const find = (name) => root.querySelector(name);
  const canvas = find("canvas"), place = find(".place"), button = find(".play"), time = find(".time");
  let data = null, context = null, sounds = null, running = null, chosen = 0, at = 0, frame = 0;

  const width = new ResizeObserver(() => draw());
  width.observe(canvas);

  function show(next) {
    const other = !data || data.name !== next.name, slower = data && data.slower !== next.slower;
    if (other) { stop(); at = 0; sounds = null; } else if (slower && running) settle();
    data = next;
    if (running) { running.loop = data.loop; start(); }
    place.setAttribute("aria-label", data.words.place);
    find(".sounds").setAttribute("aria-label", data.words.choose);
    find(".none").textContent = window.AudioContext ? "" : data.words.none;
    list();
    draw();
  }

  function list() {
    const box = find(".sounds");
    while (box.children.length < data.labels.length) {
      const number = box.children.length, each = document.createElement("button");
      each.type = "button";
      each.setAttribute("role", "radio");
      each.onclick = () => choose(number);
      each.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        choose((number + step + box.children.length) % box.children.length);
        box.children[chosen].focus();
      };
      box.append(each);
    }
    [...box.children].forEach((each, number) => {
      each.textContent = data.labels[number];
      each.setAttribute("aria-checked", number === chosen);
      each.tabIndex = number === chosen ? 0 : -1;
    });
    button.textContent = running ? data.words.stop : data.words.play;
  }

  function choose(number) {
    chosen = number;
    if (running) running.gains.forEach((gain, each) =>
      gain.gain.setTargetAtTime(each === chosen ? 1 : 0, context.currentTime, 0.004));
    list();
    draw();
  }

  async function decode() {
    const asked = data.name;
    const made = await Promise.all(data.waves.map((wave) =>
      context.decodeAudioData(Uint8Array.from(atob(wave), (letter) => letter.charCodeAt(0)).buffer)));
    if (data.name === asked) sounds = made;
  }

  async function play() {
    if (!window.AudioContext) return;
    context ??= new AudioContext();
    await context.resume();
    if (!sounds) await decode();
    if (sounds) start();
  }

  function start() {
    halt();
    if (at >= data.seconds) at = 0;
    const gains = [], sources = sounds.map((sound, number) => {
      const source = context.createBufferSource(), gain = context.createGain();
      source.buffer = sound;
      source.loop = data.loop;
      source.playbackRate.value = 1 / data.slower;
      gain.gain.value = number === chosen ? 1 : 0;
      source.connect(gain).connect(context.destination);
      gains.push(gain);
      return source;
    });
    sources.forEach((source) => source.start(context.currentTime + 0.02, at));
    running = { sources, gains, since: context.currentTime + 0.02, from: at };
    list();
    move();
  }

  function where() {
    if (!running) return at;
    const gone = running.from + Math.max(context.currentTime - running.since, 0) / data.slower;
    return data.loop ? gone % data.seconds : Math.min(gone, data.seconds);
  }

  function settle() { at = where(); if (running) { running.from = at; running.since = context.currentTime; } }

  function halt() {
    if (!running) return;
    running.sources.forEach((source) => { source.stop(); source.disconnect(); });
    running = null;
    cancelAnimationFrame(frame);
  }

  function stop() { at = where(); halt(); if (data) { list(); draw(); } }

  function move() {
    if (!running) return;
    if (!root.isConnected) { halt(); return; }  // the person left for another tab
    if (!data.loop && where() >= data.seconds) { halt(); at = 0; list(); draw(); return; }
    draw();
    frame = requestAnimationFrame(move);
  }

  function seek(share) {
    at = Math.min(Math.max(share, 0), 1) * data.seconds;
    if (running) start(); else draw();
  }

  function draw() {
    if (!data) return;
    const scale = window.devicePixelRatio || 1, wide = canvas.clientWidth, high = canvas.clientHeight;
    if (!wide) return;
    if (canvas.width !== Math.round(wide * scale)) { canvas.width = wide * scale; canvas.height = high * scale; }
    const pen = canvas.getContext("2d"), count = data.gate.length, step = wide / count, middle = high / 2;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, wide, high);
    pen.fillStyle = data.colours.gate;
    data.gate.forEach((gate, number) => {
      pen.globalAlpha = 0.05 + 0.5 * gate;
      pen.fillRect(number * step, 0, step + 0.5, high);
    });
    pen.globalAlpha = 1;
    pen.fillStyle = data.colours.line;
    data.low[chosen].forEach((low, number) => {
      const top = middle * (1 - data.high[chosen][number]), bottom = middle * (1 - low);
      pen.fillRect(number * step, top, Math.max(step, 1), Math.max(bottom - top, 1));
    });
    const now = where(), x = (now / data.seconds) * wide;
    pen.fillStyle = data.colours.cursor;
    pen.fillRect(x - 1, 0, 2, high);
    place.value = Math.round((1000 * now) / data.seconds);
    place.setAttribute("aria-valuetext", `${(data.start + now).toFixed(3)} s`);
    time.textContent = `${(data.start + now).toFixed(3)} s`;
  }

  button.onclick = () => (running ? stop() : play());
  canvas.onclick = (event) => seek(event.offsetX / canvas.clientWidth);
  place.oninput = () => seek(place.value / 1000);
  place.onkeydown = (event) => event.stopPropagation();  // arrows move the sound, not the window
  return { show };
}
"""


def play(content: dict[str, Any]) -> None:
    """Put the player on the page.

    Parameters
    ----------
    content : sounds (``waves``, WAV files in base 64), their ``labels``, ``low`` and ``high`` of each to draw, the
        ``gate`` behind them, and how they run; ``name`` tells one content from another.
    """
    st.components.v2.component("cbam_viz_player", html=HTML, css=CSS, js=JS)(key="player", data=content)
