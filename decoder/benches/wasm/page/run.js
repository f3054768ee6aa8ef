// Times the decoder over capture.bin and writes the median of the runs, in milliseconds, with the values it found.
(async () => {
  await wasm_bindgen("bench_bg.wasm");
  const octets = new Uint8Array(await (await fetch("capture.bin")).arrayBuffer());
  const bench = new wasm_bindgen.Bench();
  const times = [];
  let values = 0;
  // The first runs are V8's baseline code.
  for (let run = 0; run < 60; run += 1) {
    const start = performance.now();
    values = bench.decode_all(octets);
    times.push(performance.now() - start);
  }
  const measured = times.slice(20).sort((a, b) => a - b);
  document.getElementById("result").textContent = `${measured[measured.length / 2]} ${values}`;
  document.documentElement.dataset.ready = "true";
})();
