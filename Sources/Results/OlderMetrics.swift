// SPDX-License-Identifier: GPL-3.0-or-later

/// What metrics meant in files of schemas 1 and 2, which do not define them. Those files are out in the world: this
/// never changes, whatever the definitions of today say.
package enum OlderMetrics {
  /// A definition in JSON each, in an order in which every kind of run has first what its agents are judged by.
  package static let definitions = [
    #"""
    {"diverges_beyond":1000000,"is_cumulative":false,"is_kept_per_agent":true,"label":"MSD", \#
    "meaning":"mean-square deviation from the network optimum","name":"msd","of_all_agents":"msd-all", \#
    "scale":"decibels","scope":"live-agents","sense":"less","title":"MSD"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"MSD to own optimum", \#
    "meaning":"mean-square deviation from each agent's own optimum","name":"msd-own","of_all_agents":"msd-own-all", \#
    "scale":"decibels","scope":"live-agents","sense":"less","title":"own MSD"}
    """#,
    #"""
    {"diverges_beyond":"inf","is_cumulative":false,"is_kept_per_agent":true,"label":"Test return", \#
    "meaning":"median over agents of the test return","name":"return","of_all_agents":"return-all", \#
    "quartiles":["return-lower-quartile","return-upper-quartile"],"scale":"plain","scope":"live-agents", \#
    "sense":"more","title":"return"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Test return, first quartile", \#
    "meaning":"lower quartile over agents of the test return","name":"return-lower-quartile","scale":"plain", \#
    "scope":"live-agents","sense":"more","title":"lower-quartile return"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Test return, third quartile", \#
    "meaning":"upper quartile over agents of the test return","name":"return-upper-quartile","scale":"plain", \#
    "scope":"live-agents","sense":"more","title":"upper-quartile return"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Test return, mean over agents", \#
    "meaning":"mean over agents of the test return","name":"return-mean","scale":"plain","scope":"live-agents", \#
    "sense":"more","title":"mean return"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Test return, IQM over agents", \#
    "meaning":"mean of the middle half over agents of the test return","name":"return-iqm","scale":"plain", \#
    "scope":"live-agents","sense":"more","title":"IQM return"}
    """#,
    #"""
    {"diverges_beyond":"inf","is_cumulative":false,"is_kept_per_agent":false,"label":"Test return, all agents", \#
    "meaning":"median of the test return, of crashed agents too","name":"return-all","scale":"plain", \#
    "scope":"all-agents","sense":"more","title":"return of all"}
    """#,
    #"""
    {"diverges_beyond":"inf","is_cumulative":false,"is_kept_per_agent":false,"label":"Disagreement", \#
    "meaning":"mean squared distance from the agents' average","name":"disagreement", \#
    "of_all_agents":"disagreement-all","scale":"decibels","scope":"live-agents","sense":"less","title":"disagreement"}
    """#,
    #"""
    {"diverges_beyond":1000000,"is_cumulative":false,"is_kept_per_agent":false,"label":"MSD, all agents", \#
    "meaning":"msd of crashed agents too","name":"msd-all","scale":"decibels","scope":"all-agents","sense":"less", \#
    "title":"MSD of all"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"MSD to own optimum, all agents", \#
    "meaning":"msd-own of crashed agents too","name":"msd-own-all","scale":"decibels","scope":"all-agents", \#
    "sense":"less","title":"own MSD of all"}
    """#,
    #"""
    {"diverges_beyond":"inf","is_cumulative":false,"is_kept_per_agent":false,"label":"Disagreement, all agents", \#
    "meaning":"disagreement of crashed agents too","name":"disagreement-all","scale":"decibels","scope":"all-agents", \#
    "sense":"less","title":"disagreement of all"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Age", \#
    "meaning":"mean age of the newest estimates received, over links that have been heard","name":"age", \#
    "scale":"seconds","scope":"live-agents","sense":"neither","title":"age"}
    """#,
    #"""
    {"is_cumulative":true,"is_kept_per_agent":false,"label":"Updates","meaning":"updates per agent","name":"updates", \#
    "scale":"count","scope":"all-agents","sense":"neither","title":"updates"}
    """#,
    #"""
    {"is_cumulative":true,"is_kept_per_agent":false,"label":"Episodes", \#
    "meaning":"episodes that agents have learnt from, per agent","name":"episodes","scale":"count", \#
    "scope":"all-agents","sense":"neither","title":"episodes"}
    """#,
    #"""
    {"is_cumulative":true,"is_kept_per_agent":false,"label":"Samples", \#
    "meaning":"data samples used by all agents; of episodes, their steps","name":"samples","scale":"count", \#
    "scope":"all-agents","sense":"neither","title":"samples"}
    """#,
    #"""
    {"is_cumulative":true,"is_kept_per_agent":false,"label":"Messages", \#
    "meaning":"messages of all agents that links have transmitted","name":"messages","scale":"count", \#
    "scope":"all-agents","sense":"neither","title":"messages"}
    """#,
    #"""
    {"is_cumulative":true,"is_kept_per_agent":false,"label":"Bytes", \#
    "meaning":"bytes sent by all agents, acknowledgements included","name":"bytes","scale":"bytes", \#
    "scope":"all-agents","sense":"neither","title":"bytes"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Available","meaning":"share of agents that are up", \#
    "name":"available","scale":"share","scope":"all-agents","sense":"neither","title":"available"}
    """#,
    #"""
    {"is_cumulative":false,"is_kept_per_agent":false,"label":"Return in every task, mean over agents", \#
    "meaning":"mean over agents of their exact returns, averaged over all tasks","name":"return-every-task", \#
    "scale":"plain","scope":"live-agents","sense":"more","title":"every-task return"}
    """#,
  ]
}
