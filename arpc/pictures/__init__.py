"""Pictures of a case, computed from its records: the genogram and the timeline.

genogram    the genogram as a drawing
timeline    the events of a case in lanes, as a drawing
layout      where everything of the genogram stands
telling     the genogram in words: for the terminal, and as the text alternative
dated       the timeline in words: for the terminal, and as the text alternative
grid        who stands where from left to right, and which way the lines go
ordering    who stands beside whom in a row of the genogram, and how far apart
kin         who is whose parent, partner, brother or sister, and who lives where; what contradicts
svg         a drawing as SVG
shapes      what a drawing is made of, and how much room words take
"""
