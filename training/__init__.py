"""The offline flow, one file per step: sources, transcripts, labels, split, vocabulary, pretrain,
finetune, evaluate, export, quantise, calibrate, promote. Run from the checkout with the extra `[train]`."""
