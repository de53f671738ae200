"""How a GAN works, for who has never met one: the game drawn, the equation, what each loss changes, and the words."""

from collections.abc import Mapping
from html import escape

from ganzoo.losses import LOSSES, AdversarialLoss, Relativistic

DRAWING = """
<svg class="gz-game" viewBox="0 0 640 208" role="img" aria-label="Noise z goes into the generator G, which makes a
drawn picture of it. Drawn and real pictures go to the discriminator D, which says how real each is. What it says
teaches both.">
<defs><marker id="gz-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 8 4 0 8z"/></marker></defs>
<g class="g"><rect x="120" y="24" width="128" height="56" rx="6"/><text x="184" y="49">generator G</text>
<text class="sub" x="184" y="67">the forger</text></g>
<g class="d"><rect x="392" y="72" width="136" height="56" rx="6"/><text x="460" y="97">discriminator D</text>
<text class="sub" x="460" y="115">the judge</text></g>
<text x="40" y="57">noise z</text><path class="way" d="M72 52h42"/>
<text x="316" y="46">drawn</text><path class="way" d="M254 52h50c48 0 48 32 82 36"/>
<text x="344" y="168">real</text><path class="way" d="M318 148c40 0 38 -32 68 -36"/>
<text x="232" y="152">pictures of the data set</text>
<path class="way" d="M534 100h34"/><text x="604" y="104">real?</text>
<path class="back" d="M604 116v72H136V86"/><path class="back" d="M460 188V134"/>
<text class="sub" x="298" y="202">what it says teaches both</text>
</svg>"""

EQUATION = """
<math display="block" aria-label="The minimum over G of the maximum over D of the sum of two means: of log D of x over
real pictures x, and of log of 1 minus D of G of z over latents z">
<munder><mo rspace="0.3em">min</mo><mi>G</mi></munder><munder><mo rspace="0.3em">max</mo><mi>D</mi></munder>
<msub><mi>&Eopf;</mi><mi>x</mi></msub><mrow><mo>[</mo><mi>log</mi><mspace width="0.2em"/><mi>D</mi><mo>(</mo><mi>x</mi>
<mo>)</mo><mo>]</mo></mrow><mo>+</mo><msub><mi>&Eopf;</mi><mi>z</mi></msub><mrow><mo>[</mo><mi>log</mi><mo>(</mo><mn>1</mn>
<mo>−</mo><mi>D</mi><mo>(</mo><mi>G</mi><mo>(</mo><mi>z</mi><mo>)</mo><mo>)</mo><mo>)</mo><mo>]</mo></mrow>
</math>"""

GAME = f"""
<h2>The game</h2>
<p>The generator G, the forger, turns noise z into a picture. The discriminator D, the judge, is shown real pictures
and forged ones, and says how sure it is that each is real. They take turns: D learns to tell the two apart, G learns
to be taken for real. No one tells G what a digit or a shoe looks like; all it learns, it learns from what the judge
notices.</p>
{DRAWING}
{EQUATION}
<p>Goodfellow and others wrote the game down so in 2014. D wants the sum large: it says 1 to what is real and 0 to
what is drawn. G wants it small. If both play well for long enough, drawn pictures are spread as the real ones are, and
D can only guess. In practice the game may go in circles, or G may find a few pictures that are always believed and draw
nothing else: that is mode collapse, which one of the exhibits shows.</p>
<p>A seed stands for one z, the same on every machine. The same seed means nothing common to two models: each has
learnt a space of its own. Nothing about your visit is kept.</p>"""

WORDS: Mapping[str, str] = {
    "averaged weights": "The moving average of the generator along its training. It draws more calmly than the one "
    "that played, and is what most models here show.",
    "clipping": "After each of its steps the critic’s weights are cut off at a small bound: it cannot be steep.",
    "coverage": "The share of real pictures that have a drawn one close by. It falls where whole kinds of pictures "
    "are missing.",
    "critic": "What the discriminator is called where its number is no probability but part of a distance.",
    "discriminator": "The judge: a network that gives a picture one number, high for real.",
    "exhibit": "A model that is kept for its failure.",
    "Fréchet distance": "How far two clouds of pictures are apart, told by the mean and spread of what a network sees "
    "in them. Here that network is a small classifier of the same data, so it is written FCD, and is no FID.",
    "generator": "The forger: a network that turns a latent into a picture.",
    "gradient penalty": "The critic pays where its slope, between real and drawn pictures, is another than 1.",
    "latent, z": "The noise that a picture is made of: some hundred numbers, each drawn from a normal distribution.",
    "logit": "The discriminator's bare number. Where it learns log-odds, a sigmoid makes a probability of it.",
    "mode collapse": "The generator draws few kinds of pictures, or one, whatever the latent.",
    "passport": "All that says how a score was measured. Scores with different passports do not compare.",
    "R1, R2": "The discriminator pays for the square of its slope: at real pictures with R1, at drawn ones with R2.",
    "seed": "A whole number that stands for one latent, the same on every machine.",
    "slerp": "The way from one latent to another along the sphere on which nearly all of them lie.",
    "truncation": "How far latents may go from the middle. Less is safer, and duller.",
    "w": "In models of style: what a second network makes of z, and what the layers are told.",
}
"""The glossary."""


def page() -> str:
    """All of it, as HTML."""
    return f"{GAME}{_losses()}"


def glossary() -> str:
    """The words, as HTML."""
    words = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in WORDS.items())
    return f'<h2>Words</h2><dl class="gz-words">{words}</dl>'


def _losses() -> str:
    kinds: Mapping[str, type[AdversarialLoss]] = {**LOSSES, "relativistic": Relativistic}
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td><code>D: {escape(kind.of_discriminator)}</code>"
        f"<code>G: {escape(kind.of_generator)}</code></td><td>{escape(kind.change)}</td></tr>"
        for name, kind in kinds.items()
    )
    return f"""
<h2>What each loss changes</h2>
<p>Variants differ most in what each player minimises. D is here the judge's bare number, and σ the sigmoid that makes a
probability of it.</p>
<div class="gz-table"><table><thead><tr><th scope="col">loss</th><th scope="col">what each player minimises</th>
<th scope="col">what is different</th></tr></thead><tbody>{rows}</tbody></table></div>"""
