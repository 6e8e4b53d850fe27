"""The layers of a network, one file each: construct, plan, bind, forward, backward."""
