// How far a dispersion study is, asked each second; once it is ready the page shows what came of it.
const EVERY = 1000; // [ms]
const RUNNING = ["queued", "working"];

export function follow(box) {
  const bar = box.querySelector("progress");
  const said = box.querySelector("[role=status]");
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.studyProgress, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { state, stage, percent } = await answer.json();
        if (!RUNNING.includes(state)) return location.reload();
        bar.value = percent;
        // each tenth: a reader that reads aloud is not told each second
        const text = stage ? `${stage}: ${10 * Math.floor(percent / 10)} %` : said.textContent;
        if (said.textContent !== text) said.textContent = text;
      }
    } catch (error) {
      console.info(error);
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}
