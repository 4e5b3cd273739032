// Nothing: the modules of this folder's map stand for names alone.
