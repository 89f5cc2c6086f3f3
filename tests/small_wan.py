"""Libraries and weights of a diffusion engine, in small: what is asked of them they do, without a network's arithmetic.

A folder of weights says in ``model_index.json`` how its model behaves, so that a test can have one that
goes on from the picture, one that makes noise, one that needs too much memory, one that dies.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from elsewhere import environment, packages_of

TORCH = '''
"""Enough of torch to choose a device and a seed."""
__version__ = "0"
float32 = bfloat16 = "number"

class cuda:
    class OutOfMemoryError(RuntimeError): pass
    is_available = staticmethod(lambda: False)

class Generator:
    def __init__(self, device): self.seed = 0
    def manual_seed(self, seed):
        self.seed = seed
        return self
'''

DIFFUSERS = '''
"""Moves a picture by shifting it; behaves as its folder says."""
import json, os
from pathlib import Path
from types import SimpleNamespace
import numpy as np
import torch
__version__ = "0"

class AutoencoderKLWan:
    @classmethod
    def from_pretrained(cls, folder, *, subfolder, torch_dtype, local_files_only, use_safetensors):
        assert local_files_only and use_safetensors
        if not (Path(folder) / subfolder / "diffusion_pytorch_model.safetensors").is_file():
            raise OSError("no file named diffusion_pytorch_model.safetensors")
        return cls()

class WanImageToVideoPipeline:
    vae_scale_factor_spatial, vae_scale_factor_temporal = 8, 4
    transformer = SimpleNamespace(config=SimpleNamespace(patch_size=(1, 2, 2)))
    transformer_2 = None
    config = SimpleNamespace(expand_timesteps=False)
    _execution_device = "cpu"

    @classmethod
    def from_pretrained(cls, folder, *, vae, torch_dtype, local_files_only, use_safetensors):
        assert local_files_only and use_safetensors
        made = cls()
        made.told = json.loads((Path(folder) / "model_index.json").read_text())["told"]
        if made.told == "too large":
            raise MemoryError
        return made

    def set_progress_bar_config(self, *, disable): pass

    def __call__(self, *, image, prompt, negative_prompt, width, height, num_frames, num_inference_steps,
                 guidance_scale, generator, callback_on_step_end, output_type):
        assert image.size == (width, height) and width % 16 == height % 16 == 0 and num_frames % 4 == 1
        for step in range(num_inference_steps):
            if self.told == "dies":
                os._exit(9)
            if self.told == "needs more memory":
                raise torch.cuda.OutOfMemoryError("CUDA out of memory")
            if self.told == "fails":
                raise RuntimeError("Anna smiles")
            callback_on_step_end(self, step, 0, {"latents": None})
        first = np.asarray(image, np.float32) / 255
        chance = np.random.default_rng(generator.seed)
        if self.told == "noise":
            frames = chance.random((num_frames, *first.shape), np.float32)
        else:
            far = 1 + int(chance.integers(2))
            frames = np.stack([np.roll(first, far * i, axis=1) for i in range(num_frames)])
        if self.told == "another size":
            frames = frames[:, ::2]
        return SimpleNamespace(frames=[frames])
'''

TRANSFORMERS = '__version__ = "0"\n'


def libraries(home: Path, *, without: str = "") -> Path:
    """Make an environment that has the small libraries; give its Python."""
    python = environment(home)
    own = packages_of(home)
    sources = {"torch": TORCH, "diffusers": DIFFUSERS, "transformers": TRANSFORMERS}
    for name, source in sources.items():
        if name != without:
            (own / f"{name}.py").write_text(source, encoding="utf-8")
    return python


def weights(folder: Path, *, told: str = "goes on", kind: str = "WanImageToVideoPipeline") -> Path:
    """Write a folder of weights that behaves as told."""
    (folder / "vae").mkdir(parents=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": kind, "told": told}))
    (folder / "vae/diffusion_pytorch_model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    return folder


def tiny_wan(python: Path, folder: Path) -> Path:
    """Build a Wan model of the 5B model's kind with a few thousand random weights, with the real libraries."""
    subprocess.run([str(python), "-c", BUILD, str(folder)], check=True, capture_output=True)
    return folder


BUILD = """
import json, sys
from pathlib import Path
import torch
from diffusers import AutoencoderKLWan, UniPCMultistepScheduler, WanImageToVideoPipeline, WanTransformer3DModel
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

torch.manual_seed(0)
folder = Path(sys.argv[1])
vae = AutoencoderKLWan(
    base_dim=8, decoder_base_dim=8, z_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1, is_residual=True,
    temperal_downsample=[False, True, True], in_channels=12, out_channels=12, patch_size=2,
    scale_factor_temporal=4, scale_factor_spatial=16, latents_mean=[0.0] * 4, latents_std=[1.0] * 4,
)
transformer = WanTransformer3DModel(
    patch_size=(1, 2, 2), num_attention_heads=2, attention_head_dim=12, in_channels=4, out_channels=4,
    text_dim=32, freq_dim=16, ffn_dim=32, num_layers=2, rope_max_seq_len=32,
)
text = UMT5EncoderModel(UMT5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4))
letters = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(one, -1.0) for one in "▁abcdefghijklmnopqrstuvwxyz"]
spelled = Tokenizer(models.Unigram(letters, unk_id=2))
spelled.pre_tokenizer = pre_tokenizers.Metaspace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=spelled, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
scheduler = UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0)
pipe = WanImageToVideoPipeline(
    tokenizer=tokenizer, text_encoder=text, vae=vae, scheduler=scheduler, transformer=transformer,
    expand_timesteps=True,
)
pipe.save_pretrained(folder, safe_serialization=True)
index = json.loads((folder / "model_index.json").read_text())
index["_class_name"] = "WanPipeline"  # as the published weights say
(folder / "model_index.json").write_text(json.dumps(index))
"""
